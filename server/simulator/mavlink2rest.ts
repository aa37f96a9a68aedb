import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SimulatedAutopilot } from './mavlink-messages.ts';
import type { Flight } from './motion.ts';

const PREFIX = '/mavlink2rest';
const MESSAGE_PATH = /^\/mavlink2rest\/mavlink\/vehicles\/1\/components\/1\/messages\/(\w+)$/;
const NAME_LENGTH = 10;
const MOST_POSTED = 1000;

/** A message that was posted, as it came. */
export interface Posted {
  header: { system_id: number; component_id: number; sequence: number };
  message: { type: string; time_boot_ms: number; name: string[]; value: number };
}

/** What goes wrong with each answer. */
export type MavlinkTrouble = 'hangs' | 'in trouble' | 'no JSON' | 'other JSON' | null;

/** mavlink2rest over true HTTP, with a simulated autopilot behind it, and faults to switch on. */
export class SimulatedMavlink2Rest {
  trouble: MavlinkTrouble = null;
  /** The autopilot sends nothing more: mavlink2rest goes on to give what it had last. */
  isSilent = false;
  /** Messages that the autopilot does not send. */
  missing: readonly string[] = [];
  /** The newest that were posted, oldest first. */
  readonly posted: Posted[] = [];
  requests = 0;
  /** The most requests that were under way at the same time. */
  mostAtOnce = 0;
  readonly #autopilot: SimulatedAutopilot;
  readonly #seconds: () => number;
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));
  readonly #startMs: number;
  #silentAt = 0;
  #open = 0;

  /** `seconds` since the start of the flight; by default it starts now. */
  constructor(fly: Flight, seconds: () => number = secondsFromNow()) {
    this.#autopilot = new SimulatedAutopilot(fly);
    this.#seconds = seconds;
    this.#startMs = Date.now() - seconds() * 1000;
  }

  /** Resolves with its address for MAVLINK2REST_URL. */
  async start(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${PREFIX}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests += 1;
    this.#open += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
    response.once('close', () => {
      this.#open -= 1;
    });
    if (this.trouble === 'hangs') return;
    if (this.trouble === 'in trouble') response.writeHead(502).end('<h1>502 Bad Gateway</h1>');
    else if (this.trouble === 'no JSON') response.end('{"message": {"alt": -1');
    else if (this.trouble === 'other JSON') response.end('{"message": "none", "status": null}');
    else if (request.method === 'POST')
      this.#take(request, response).catch(() => response.destroy()); // The client has left.
    else this.#give(request, response);
  }

  #give({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const name = MESSAGE_PATH.exec(url)?.[1] ?? '';
    if (!this.isSilent) this.#silentAt = this.#seconds();
    const isSent = !this.missing.includes(name);
    const newest = isSent ? this.#autopilot.newest(name, this.#silentAt, this.#startMs) : null;
    if (newest === null) response.writeHead(404).end('No valid path');
    else {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(newest, null, 2));
    }
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const piece of request) text += String(piece);
    const body = parsed(text);
    const good = request.url === `${PREFIX}/mavlink` && isPosted(body);
    if (good) this.posted.push(body);
    if (this.posted.length > MOST_POSTED) this.posted.shift();
    response.writeHead(good ? 200 : 400).end(good ? '' : 'Failed to parse message');
  }
}

function secondsFromNow(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Exactly what a NAMED_VALUE_FLOAT must be; anything else the real one refuses as well. */
function isPosted(body: unknown): body is Posted {
  const { header, message } = (body ?? {}) as Partial<Posted>;
  const whole = [header?.system_id, header?.component_id, header?.sequence, message?.time_boot_ms];
  const { name } = message ?? {};
  return (
    message?.type === 'NAMED_VALUE_FLOAT' &&
    whole.every((number) => Number.isInteger(number) && Number(number) >= 0) &&
    Array.isArray(name) &&
    name.length === NAME_LENGTH &&
    name.every((letter) => typeof letter === 'string' && letter.length === 1) &&
    typeof message.value === 'number'
  );
}
