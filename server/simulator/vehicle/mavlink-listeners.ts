import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SimulatedAutopilot } from './mavlink-messages.ts';

const LOOK_MS = 10;

/** A message as a listener gets it. */
export interface Sent {
  header: { component_id: number; sequence: number; system_id: number };
  message: object;
}

export interface ListenersParts {
  autopilot: SimulatedAutopilot;
  /** Of the autopilots that are heard. */
  systemIds(): readonly number[];
  /** Messages that are sent now. */
  names(): readonly string[];
  /** It answers nobody as it should. */
  isInTrouble(): boolean;
  /** Since the start of the flight; null: the autopilot is silent. */
  seconds(): number | null;
  startMs: number;
  /** What a ground station says of itself. */
  station: object;
}

/** The listeners of mavlink2rest's WebSocket: each gets every message whose name fits, as it is sent. */
export class MavlinkListeners {
  readonly #parts: ListenersParts;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #filters = new Map<WebSocket, RegExp | null>();
  readonly #counts = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ListenersParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#filters.size;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const filter = new URL(request.url ?? '', 'http://sim').searchParams.get('filter') ?? '.*';
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#filters.set(client, broken(filter));
      client.once('close', () => this.#filters.delete(client));
      this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    });
  }

  drop(): void {
    for (const client of this.#filters.keys()) client.terminate();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.drop();
  }

  #look(): void {
    const seconds = this.#parts.seconds();
    if (this.#parts.isInTrouble()) this.drop();
    if (this.#filters.size === 0) return;
    this.#every('station', 1, () => {
      this.#send(255, 190, 'HEARTBEAT', this.#parts.station);
    });
    if (seconds === null) return;
    for (const name of this.#parts.names()) this.#autopilot(name, seconds);
  }

  #autopilot(name: string, seconds: number): void {
    const { autopilot, startMs, systemIds } = this.#parts;
    if (!this.#isNew(name, autopilot.count(name, seconds))) return;
    const newest = autopilot.newest(name, seconds, startMs);
    const { message } = Object(newest) as { message: object };
    for (const system of systemIds()) this.#send(system, 1, name, message);
  }

  #every(key: string, seconds: number, work: () => void): void {
    if (this.#isNew(key, Math.floor(performance.now() / 1000 / seconds))) work();
  }

  #isNew(key: string, count: number): boolean {
    const isNew = this.#counts.get(key) !== count;
    this.#counts.set(key, count);
    return isNew;
  }

  #send(system_id: number, component_id: number, name: string, message: object): void {
    const sent: Sent = { header: { component_id, sequence: 0, system_id }, message };
    const text = JSON.stringify(sent, null, 2);
    for (const [client, filter] of this.#filters) if (filter?.test(name)) client.send(text);
  }
}

/** A filter that is no regular expression lets nothing through. */
function broken(filter: string): RegExp | null {
  try {
    return new RegExp(filter);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
