import WebSocket, { type RawData } from 'ws';
import type { Clock } from '../../shared/clock.ts';
import { parseJson } from '../../shared/json.ts';
import { type Heard, isListenedTo, MESSAGE_NAMES } from './messages.ts';

/** It runs on the same computer. */
const OPEN_MS = 1000;
/** A vehicle that is on sends many messages a second; a link that is broken may never say so. */
const SILENT_MS = 5000;
const MOST_BYTES = 64 * 1024;
/** mavlink2rest itself, where the proxy before it passes no WebSocket. */
export const DIRECT_PORT = 6040;

/** Anchored, since it is looked for anywhere in the name. */
const FILTER = `^(${MESSAGE_NAMES.join('|')})$`;

/** Where messages come as they are sent: through the proxy, then directly. */
export function streamAddresses(address: string, directPort = DIRECT_PORT): string[] {
  const proxied = new URL(address.endsWith('/') ? address : `${address}/`);
  proxied.protocol = 'ws:';
  const direct = new URL(`ws://${proxied.hostname}:${directPort}/v1/`);
  return [proxied, direct].map(
    (base) => new URL(`ws/mavlink?filter=${encodeURIComponent(FILTER)}`, base).href,
  );
}

/** One WebSocket of mavlink2rest: each message at the moment at which it comes. */
export class MavlinkStream {
  readonly #clock: Clock;
  readonly #hear: (heard: Heard) => void;
  #socket: WebSocket | null = null;

  constructor(clock: Clock, hear: (heard: Heard) => void) {
    this.#clock = clock;
    this.#hear = hear;
  }

  stop(): void {
    this.#socket?.terminate();
  }

  /** Listens until it ends, or is silent for 5 s. Resolves with whether any message came. */
  run(address: string, onOpen: () => void): Promise<boolean> {
    const socket = new WebSocket(address, {
      ...{ handshakeTimeout: OPEN_MS, maxPayload: MOST_BYTES, perMessageDeflate: false },
    });
    this.#socket = socket;
    return new Promise((resolve) => {
      let hasCome = false;
      const silence = setTimeout(() => socket.terminate(), SILENT_MS);
      socket.once('open', onOpen);
      socket.on('message', (data) => {
        silence.refresh();
        hasCome = this.#take(data) || hasCome;
      });
      // What is wrong shows by the question that is put next.
      socket.on('error', () => socket.terminate());
      socket.once('close', () => {
        clearTimeout(silence);
        resolve(hasCome);
      });
    });
  }

  /** False where it is no message. */
  #take(data: RawData): boolean {
    const heard = heardIn(String(data), this.#clock.now().mono);
    if (heard !== null) this.#hear(heard);
    return heard !== null;
  }
}

function heardIn(text: string, sentAt: number): Heard | null {
  const { header, message } = Object(parseJson(text));
  const { system_id: system, component_id: component } = Object(header);
  const { type: name } = Object(message);
  if (!Number.isInteger(system) || !Number.isInteger(component)) return null;
  return isListenedTo(name) ? { system, component, name, fields: message, sentAt } : null;
}
