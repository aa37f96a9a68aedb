import { STREAM_CLOSE } from '../../shared/api/stream.ts';
import type { Clock } from '../../shared/clock.ts';

/** What a WebSocket has to offer; `ws` has it. */
export interface StreamSocket {
  /** Bytes that were sent and have not left this process. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  ping(): void;
}

const MOST_BYTES_BEHIND = 1024 * 1024;
const MOST_SECONDS_BEHIND = 5;
const MOST_PONGS_MISSED = 2;

/** One client of the stream. It is closed when it falls behind, so that nobody waits for it. */
export class StreamClient {
  readonly #socket: StreamSocket;
  readonly #clock: Clock;
  readonly #onClosed: (client: StreamClient) => void;
  #sentBytes = 0;
  /** All bytes sent up to this moment should be out MOST_SECONDS_BEHIND later. */
  #mark: { bytes: number; mono: number };
  #pingsUnanswered = 0;
  #open = true;

  constructor(socket: StreamSocket, clock: Clock, onClosed: (client: StreamClient) => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#onClosed = onClosed;
    this.#mark = { bytes: 0, mono: clock.now().mono };
  }

  send(text: string): void {
    this.#socket.send(text);
    this.#sentBytes += text.length;
    this.#dropIfBehind();
  }

  /** To be called at each heartbeat. */
  heartbeat(): void {
    if (this.#pingsUnanswered >= MOST_PONGS_MISSED) {
      this.close(STREAM_CLOSE.tooSlow, 'no answer to pings');
      return;
    }
    this.#pingsUnanswered += 1;
    this.#socket.ping();
    this.#dropIfBehind();
  }

  /** To be called when the client answers a ping. */
  pong(): void {
    this.#pingsUnanswered = 0;
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.detach();
    this.#socket.close(code, reason);
  }

  /** To be called when the socket is closed: sends nothing more. */
  detach(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#onClosed(this);
  }

  #dropIfBehind(): void {
    const buffered = this.#socket.bufferedAmount;
    if (buffered > MOST_BYTES_BEHIND) this.#tooSlow('1 MiB');
    else if (this.#secondsBehind(buffered) > MOST_SECONDS_BEHIND) this.#tooSlow('5 s');
  }

  #secondsBehind(buffered: number): number {
    const { mono } = this.#clock.now();
    if (buffered === 0 || this.#sentBytes - buffered >= this.#mark.bytes) {
      this.#mark = { bytes: this.#sentBytes, mono };
    }
    return mono - this.#mark.mono;
  }

  #tooSlow(limit: string): void {
    this.close(STREAM_CLOSE.tooSlow, `client is more than ${limit} behind`);
  }
}
