import type { Clock, Instant } from '../../shared/clock.ts';
import { LineSplitter } from '../serial/lines.ts';
import { Link } from '../serial/link.ts';
import type { OpenPort } from '../serial/port.ts';
import { type BannerFacts, readBannerLine } from './banner.ts';
import type { Decimals } from './decimals.ts';
import { Dialogue } from './dialogue.ts';
import { Gate, type GateListener } from './gate.ts';
import { type Digits, type Rejection, rowReader } from './line.ts';
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
  /** Exactly once. */
  closed(reason: string): void;
}

/** No line pauses for so long: the device was reset, or bytes were lost, and what follows is another line. */
const MID_LINE_S = 0.25;

/** One opening of the port: bytes to lines to readings, and the dialogue beside them. */
export class Device {
  readonly visit: Visit;
  readonly gate: Gate;
  #dialogue = new Dialogue();
  #listener: DeviceListener;
  #splitter: LineSplitter;
  #banner: BannerFacts = {};
  #at: Instant = { wallMicros: 0, mono: 0 };
  #link: Link | null = null;

  private constructor(baud: number, listener: DeviceListener) {
    this.#listener = listener;
    this.gate = new Gate(this.#gateListener());
    this.visit = new Visit({ send: (text) => this.send(text), dialogue: this.#dialogue, baud });
    this.#splitter = new LineSplitter({
      line: (line) => this.gate.line(line, this.#at),
      overlong: () => listener.rejected('overlong', '', this.#at),
    });
  }

  /** Rejects with the operating system's error when the port can't be opened. */
  static async open(
    open: OpenPort,
    path: string,
    baud: number,
    clock: Clock,
    listener: DeviceListener,
  ): Promise<Device> {
    const device = new Device(baud, listener);
    device.#link = await Link.open(open, path, baud, clock, {
      data: (text, at) => device.#data(text, at),
      closed: (reason) => device.#closed(reason),
    });
    return device;
  }

  /** How readings look from now on, by what the menu said. */
  expect(settings: MenuSettings, decimals: Decimals): void {
    const tag = settings.mode === 'polled' ? (settings.tag ?? 'A') : null;
    const { preamble, temperature, voltage, quiet } = settings;
    this.gate.expect({
      read: rowReader({ preamble, temperature, voltage, tag }),
      tag,
      quiet,
      valueOnly: !temperature && !voltage,
      decimals,
    });
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
    if (this.gate.isOpen && at.mono - this.#at.mono > MID_LINE_S) this.#cut(at);
    this.#at = at;
    this.#splitter.push(text);
    this.#dialogue.data(text);
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
