import type { Reading } from '../../shared/reading.ts';
import type { LiveHub } from './hub.ts';
import type { StreamSocket } from './stream-client.ts';

/** 10 Hz at most: a pilot's display shows no more. */
const EVERY_MS = 100;
/** A socket that has so much to send gets nothing new until it has sent it. */
const MOST_WAITING_BYTES = 16_384;

/** What the recorder tells the display. */
export interface RecordingNow {
  is_recording: boolean;
  total_rows: number;
}

/** Values for Cockpit's data lake: one text message `variable=value` each, when it changed. */
export class DataLake {
  readonly #hub: LiveHub;
  readonly #recording: () => RecordingNow;
  readonly #sockets = new Map<StreamSocket, Map<string, string>>();
  #latest: Reading | null = null;
  #unsubscribe: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(hub: LiveHub, recording: () => RecordingNow) {
    this.#hub = hub;
    this.#recording = recording;
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
      for (const [name, value] of values) {
        if (sent.get(name) === value) continue;
        socket.send(`${name}=${value}`);
        sent.set(name, value);
      }
    }
  }

  #values(): [name: string, value: string][] {
    const { is_recording, total_rows } = this.#recording();
    const reading = this.#latest;
    const values: [string, string | null][] = [
      ['qsensor-par', reading?.value ?? null],
      ['qsensor-temperature', reading?.temperature ?? null],
      ['qsensor-vin', reading?.voltage ?? null],
      ['qsensor-recording', String(is_recording)],
      ['qsensor-rows', String(total_rows)],
    ];
    return values.filter((entry): entry is [string, string] => entry[1] !== null);
  }
}
