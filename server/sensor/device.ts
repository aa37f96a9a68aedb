import type { Clock, Instant } from '../../shared/clock.ts';
import type { Stalls } from '../../shared/stalls.ts';
import { LineTimes } from '../serial/line-times.ts';
import { behindLines, LineSplitter } from '../serial/lines.ts';
import { Link } from '../serial/link.ts';
import type { OpenPort } from '../serial/port.ts';
import { type BannerFacts, readBannerLine } from './banner.ts';
import type { Decimals } from './decimals.ts';
import { Dialogue } from './dialogue.ts';
import { Gate, type GateListener } from './gate.ts';
import { type Digits, type Rejection, readingReader } from './line.ts';
import type { MenuSettings } from './menu.ts';
import { Visit } from './visit.ts';

/** What an open device tells the state machine. */
export interface DeviceListener {
  reading(digits: Digits, at: Instant): void;
  rejected(reason: Rejection, line: string, at: Instant): void;
  sent(text: string): void;
  /** It prints its banner or menu; `asked` when we made it. */
  left(asked: boolean): void;
  sampling(banner: BannerFacts): void;
  fellIntoMenu(): void;
  /** This process was held up while the device sampled: what waited has been read by now. */
  heldUp(held: HeldUp): void;
  /** Exactly once. */
  closed(reason: string): void;
}

/** What the device sent while this process was held up. */
export interface HeldUp {
  seconds: number;
  /** Lines that waited. */
  lines: number;
  /** The system's buffer was full: what came after that is lost. */
  isFull: boolean;
  /** How far the times of these lines may be off, in seconds. */
  uncertaintyS: number;
}

/** What a device needs of the machine. */
export interface DeviceParts {
  openPort: OpenPort;
  clock: Clock;
  stalls: Stalls;
}

/** The system keeps so much of what nobody has read, less a little. */
const BUFFER_BYTES = 4000;
/** Over a long time the pace itself is known so well. */
const PACE_ERROR = 0.01;

/** No line pauses for so long: the device was reset, or bytes were lost, and what follows is another line. */
const MID_LINE_S = 0.4;
/** Shorter delays of this process are not worth telling. */
const TOLD_S = 0.25;

/** One opening of the port: bytes to lines to readings, and the dialogue beside them. */
export class Device {
  readonly visit: Visit;
  readonly gate: Gate;
  #dialogue = new Dialogue();
  #listener: DeviceListener;
  #splitter: LineSplitter;
  #banner: BannerFacts = {};
  #at: Instant = { wallMicros: 0, mono: 0 };
  /** When each line of the newest read ended. */
  #ends: readonly Instant[] = [];
  #paceS: number | null = null;
  readonly #times: LineTimes;
  readonly #stalls: Stalls;
  #link: Link | null = null;

  private constructor(baud: number, stalls: Stalls, listener: DeviceListener) {
    this.#listener = listener;
    this.#stalls = stalls;
    this.#times = new LineTimes(baud);
    this.gate = new Gate(this.#gateListener());
    this.visit = new Visit({ send: (text) => this.send(text), dialogue: this.#dialogue, baud });
    this.#splitter = new LineSplitter({
      line: (line, place) => this.gate.line(line, this.#ends[place] ?? this.#at),
      overlong: () => listener.rejected('overlong', '', this.#at),
    });
  }

  /** Rejects with the operating system's error when the port can't be opened. */
  static async open(
    { openPort, clock, stalls }: DeviceParts,
    path: string,
    baud: number,
    listener: DeviceListener,
  ): Promise<Device> {
    const device = new Device(baud, stalls, listener);
    device.#link = await Link.open(openPort, path, baud, clock, {
      data: (text, at) => device.#data(text, at),
      closed: (reason) => device.#closed(reason),
    });
    return device;
  }

  /** How readings look from now on, and how far apart they come, by what the menu said. */
  expect(settings: MenuSettings, decimals: Decimals, paceS: number): void {
    this.#paceS = paceS;
    const tag = settings.mode === 'polled' ? (settings.tag ?? 'A') : null;
    const { preamble, temperature, voltage, quiet } = settings;
    this.gate.expect({
      read: readingReader({ preamble, temperature, voltage, tag }),
      tag,
      quiet,
      valueOnly: !temperature && !voltage,
      decimals,
    });
  }

  /** Of the device, whatever link led to it. */
  get node(): string | null {
    return this.#link?.node ?? null;
  }

  get isOpen(): boolean {
    return this.#link?.isOpen ?? false;
  }

  /** X follows: what the banner says from now on is what counts. */
  beginReset(): void {
    this.#banner = {};
    this.gate.restart();
  }

  send(text: string): void {
    this.#listener.sent(text);
    this.#link?.send(text);
  }

  close(): Promise<void> {
    return this.#link?.close() ?? Promise.resolve();
  }

  #data(text: string, at: Instant): void {
    const heldUpS = this.gate.isOpen ? this.#stalls.heldUpSince(this.#at.mono) : 0;
    this.#cutAfterPause(at, heldUpS);
    this.#at = at;
    const behind = behindLines(text);
    const paceS = this.gate.isOpen ? this.#paceS : null;
    this.#ends = this.#times.ends({ at, behind, paceS, heldUpS });
    if (heldUpS > TOLD_S) this.#tellHeldUp(heldUpS, behind.length, text.length);
    this.#splitter.push(text);
    this.#dialogue.data(text);
  }

  /** In quiet mode a pause may be a reset, and nothing else would tell: then our own delay does not excuse it. */
  #cutAfterPause(at: Instant, heldUpS: number): void {
    const excused = this.gate.isQuiet ? 0 : heldUpS;
    if (this.gate.isOpen && at.mono - this.#at.mono - excused > MID_LINE_S) this.#cut(at);
  }

  #tellHeldUp(seconds: number, lines: number, bytes: number): void {
    const pace = this.#paceS ?? 0;
    const uncertaintyS = pace + PACE_ERROR * Math.min(seconds, lines * pace);
    this.#listener.heldUp({ seconds, lines, isFull: bytes >= BUFFER_BYTES, uncertaintyS });
  }

  #cut(at: Instant): void {
    const head = this.#splitter.cut();
    if (head !== '') this.#listener.rejected('cut_short', head, at);
  }

  #closed(reason: string): void {
    this.gate.close();
    this.#dialogue.closed(reason);
    this.#listener.closed(reason);
  }

  #gateListener(): GateListener {
    const listener = this.#listener;
    return {
      reading: (digits, at) => listener.reading(digits, at),
      rejected: (reason, line) => {
        if (reason === 'banner') readBannerLine(line, this.#banner);
        listener.rejected(reason, line, this.#at);
      },
      left: (asked) => {
        this.#banner = {};
        listener.left(asked);
      },
      sampling: () => listener.sampling(this.#banner),
      fellIntoMenu: () => listener.fellIntoMenu(),
    };
  }
}
