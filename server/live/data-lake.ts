import type { Reading } from '../../shared/reading.ts';
import type { LiveHub } from './hub.ts';
import type { StreamSocket } from './stream-client.ts';

/** 10 Hz at most: a pilot's display shows no more. */
const EVERY_MS = 100;
/** A socket that has so much to send gets nothing new until it has sent it. */
const MOST_WAITING_BYTES = 16_384;

/** Up to here a display is told tenths of seconds of a reading's age; then only whole seconds. */
const EXACT_AGE_S = 10;

/** What recorder and sensor tell the display. */
export interface DisplayNow {
  is_recording: boolean;
  total_rows: number;
  /** State of the sensor, as the API names it. */
  state: string;
  /** Metres below the surface, positive down; null: not known. */
  depth_m: number | null;
  /** Of the session that is recorded, so far; null: not known. */
  kd_per_m: number | null;
  /** What the pilot must know, in a few words; null: nothing. */
  notice: string | null;
}

/** Values for Cockpit's data lake: one text message `variable=value` each, when it changed. */
export class DataLake {
  readonly #hub: LiveHub;
  readonly #now: () => DisplayNow;
  readonly #sockets = new Map<StreamSocket, Map<string, string>>();
  #latest: Reading | null = null;
  #unsubscribe: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(hub: LiveHub, now: () => DisplayNow) {
    this.#hub = hub;
    this.#now = now;
  }

  /** Gives the function to call when the socket has closed. */
  attach(socket: StreamSocket): () => void {
    if (this.#sockets.size === 0) this.#begin();
    this.#sockets.set(socket, new Map());
    return () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#end();
    };
  }

  #begin(): void {
    this.#unsubscribe = this.#hub.subscribe((_prefix, reading) => {
      this.#latest = reading;
    });
    this.#timer = setInterval(() => this.#send(), EVERY_MS);
  }

  #end(): void {
    this.#unsubscribe();
    clearInterval(this.#timer);
    // Whoever comes next must not take it for the light of now.
    this.#latest = null;
  }

  #send(): void {
    const values = this.#values();
    for (const [socket, sent] of this.#sockets) {
      if (socket.bufferedAmount > MOST_WAITING_BYTES) continue;
      for (const [name, known] of values) {
        // Cockpit keeps the first value's kind for ever: NaN as the first one would be a text.
        const value = known ?? (sent.has(name) ? 'NaN' : null);
        if (value === null || sent.get(name) === value) continue;
        socket.send(`${name}=${value}`);
        sent.set(name, value);
      }
    }
  }

  /** A value of null: there is none now. */
  #values(): [name: string, value: string | null][] {
    const { is_recording, total_rows, state, depth_m, kd_per_m, notice } = this.#now();
    const reading = this.#latest;
    return [
      ['qsensor-par', reading?.value ?? null],
      ['qsensor-temperature', reading?.temperature ?? null],
      ['qsensor-vin', reading?.voltage ?? null],
      ['qsensor-age', ageText(this.#hub.lastReadingAge())],
      // Cockpit takes what stands in quotes for text.
      ['qsensor-state', `"${state}"`],
      ['qsensor-notice', `"${notice ?? ''}"`],
      ['qsensor-recording', is_recording ? '1' : '0'],
      ['qsensor-rows', String(total_rows)],
      ['qsensor-depth', depth_m?.toFixed(2) ?? null],
      ['qsensor-kd', kd_per_m?.toFixed(3) ?? null],
    ];
  }
}

/** Seconds since the last reading: tells a display that the light it shows is an old one. */
function ageText(seconds: number): string {
  return seconds.toFixed(seconds < EXACT_AGE_S ? 1 : 0);
}
