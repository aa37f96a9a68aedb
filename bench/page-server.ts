import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import websockify from 'koa-websocket';
import send from 'send';
import type { Health } from '../shared/api/sensor.ts';
import { isoMicros } from '../shared/clock.ts';

const WEB_ROOT = 'dist/web';
const BATCH_MS = 100;
/** Readings of the past are sent in pieces of so many. */
const PIECE = 5000;

interface Socket {
  send(text: string): void;
  readonly bufferedAmount: number;
  readonly readyState: number;
}

/** The page and a stream that begins with an hour of readings and goes on at the same rate. */
export interface PageServer {
  url: string;
  /** Resolves when the hour has been sent. */
  past: Promise<void>;
  close(): void;
}

function rowAt(ms: number): string {
  const seconds = ms / 1000;
  const depth = 9 - 9 * Math.cos(seconds / 140);
  const waves = 1 + 0.2 * Math.sin(seconds * 1.9) + 0.05 * Math.sin(seconds * 211);
  const value = (1650 * Math.exp(-0.21 * depth) * waves).toFixed(6);
  const timestamp = isoMicros(ms * 1000);
  return `{"timestamp":"${timestamp}","sensor_id":"SIM0001","mode":"freerun","value":${value},"TempC":null,"Vin":null}`;
}

/** Rows from one time to another, in milliseconds, as the stream sends them. */
function batch(from: number, to: number, rateHz: number): string {
  const step = 1000 / rateHz;
  const count = Math.round((to - from) / step);
  return `[${Array.from({ length: count }, (_, i) => rowAt(from + i * step)).join()}]`;
}

/** Gives the time up to which it goes, in milliseconds. */
async function sendPast(socket: Socket, rateHz: number, seconds: number): Promise<number> {
  const piece = (PIECE / rateHz) * 1000;
  const start = Date.now();
  let sent = start - seconds * 1000;
  for (; sent + piece < start; sent += piece) {
    socket.send(batch(sent, sent + piece, rateHz));
    while (socket.bufferedAmount > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return sent;
}

function sendLive(socket: Socket, rateHz: number, from: number): void {
  let sent = from;
  const timer = setInterval(() => {
    const now = Date.now();
    const step = 1000 / rateHz;
    const until = sent + Math.floor((now - sent) / step) * step;
    if (until > sent) socket.send(batch(sent, until, rateHz));
    sent = until;
    if (socket.readyState > 1) clearInterval(timer);
  }, BATCH_MS);
}

function healthAt(rateHz: number): Health {
  return {
    connected: true,
    sensor_id: 'SIM0001',
    sample_rate_hz: rateHz,
    last_reading_age_s: 0.05,
    state: 'ACQ_FREERUN',
    port: null,
    model: null,
    firmware: null,
    disk_free_bytes: null,
    simulated: true,
    expected_rate_hz: rateHz,
    problem: null,
    notice: null,
  };
}

const IDLE = {
  is_recording: false,
  session_id: null,
  chunk_count: 0,
  elapsed_time_s: 0,
  current_chunk_rows: 0,
  total_rows: 0,
  state: null,
  failure: null,
};

export async function startPageServer(rateHz: number, seconds: number): Promise<PageServer> {
  const app = websockify(new Koa());
  const answers: Record<string, object> = {
    '/instrument/health': healthAt(rateHz),
    '/record/status': IDLE,
    '/recent': { rows: [] },
  };
  let pastSent = () => {};
  const past = new Promise<void>((resolve) => {
    pastSent = resolve;
  });
  app.ws.use(async (context) => {
    const socket = context.websocket as unknown as Socket;
    const sent = await sendPast(socket, rateHz, seconds);
    sendLive(socket, rateHz, sent);
    pastSent();
  });
  app.use((context) => {
    const answer = answers[context.path];
    if (answer) {
      context.body = answer;
      return;
    }
    context.respond = false;
    context.res.statusCode = 200;
    send(context.req, context.path, { root: WEB_ROOT, index: 'index.html' }).pipe(context.res);
  });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, past, close: () => server.close() };
}
