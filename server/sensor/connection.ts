import type { ConfigRequest } from '../../shared/api/sensor.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import { type BannerFacts, disagreement } from './banner.ts';
import type { SerialConsole } from './console.ts';
import { Decimals } from './decimals.ts';
import { Device, type DeviceListener, type DeviceParts, type HeldUp } from './device.ts';
import { NoAnswer, PortClosed } from './dialogue.ts';
import { Latch } from './latch.ts';
import type { Digits, Rejection } from './line.ts';
import type { MenuSettings } from './menu.ts';
import { Poller } from './poller.ts';
import { MENU_BYTES, TRUE_RATE_FACTOR } from './protocol.ts';

/** What happens on an open connection without being asked for. */
export interface ConnectionListener {
  reading(reading: Reading): void;
  rejected(reason: Rejection, line: string): void;
  /** The port went away. */
  lost(reason: string): void;
  /** The device began to reset by itself. */
  resetting(): void;
  /** This process was held up; what waited has been read. */
  heldUp(held: HeldUp): void;
  /** It does not do what it should: a visit to its menu is due. */
  needsRestart(reason: string): void;
}

export interface ConnectionParts extends DeviceParts {
  console: SerialConsole;
  listener: ConnectionListener;
}

/** The operating system, or the driver, did not open the port. */
export class OpenFailed extends Error {}

/** Of a query and its answer on the line. */
const POLL_BYTES = 30;
/** A reset and its ADC set-up, besides the banner's bytes. */
const RESET_S = 6;

/** Seconds between readings that the device needs for one average. */
export function averageSeconds(settings: MenuSettings): number {
  return (settings.averaging / settings.adcRateHz) * TRUE_RATE_FACTOR;
}

/** The port while it is open: identify, sample, hold in the menu. One step at a time. */
export class Connection {
  #parts: ConnectionParts;
  #device: Device | null = null;
  #poller: Poller | null = null;
  /** By the first banner since the menu was read. */
  #calibration: string | undefined;
  /** Of the sensor as it is calibrated. */
  #decimals = new Decimals();
  /** Counts the openings: what an earlier one still tells is not about this one. */
  #opening = 0;
  #sampling = new Latch();
  #firstReading = new Latch();
  settings: MenuSettings | null = null;
  /** The line that `^` gave, as it came. */
  dump: string | null = null;
  #wantedHz = 1;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#device !== null;
  }

  /** The device's node while it is open. */
  get node(): string | null {
    return this.#device?.node ?? null;
  }

  /** Queries a second in polled mode: as many as were asked for, or as can be answered. */
  get pollHz(): number {
    if (this.settings === null) return this.#wantedHz;
    const possible = Math.min(
      1 / averageSeconds(this.settings),
      1 / this.#bytesSeconds(POLL_BYTES),
    );
    return Math.min(this.#wantedHz, possible);
  }

  set pollHz(wanted: number) {
    this.#wantedHz = wanted;
  }

  get isSampling(): boolean {
    return this.#device?.gate.isOpen ?? false;
  }

  async open(path: string, baud: number): Promise<void> {
    const opening = ++this.#opening;
    const device = await Device.open(this.#parts, path, baud, this.#listener(opening)).catch(
      (error: Error) => {
        throw new OpenFailed(error.message, { cause: error });
      },
    );
    if (!device.isOpen) throw new PortClosed('the port closed at once');
    this.#device = device;
  }

  /** Makes the device stop sampling. Its menu comes by itself; the next step waits for it. */
  async hold(): Promise<void> {
    const device = this.#opened();
    this.#stopPolling();
    device.gate.menuRequested();
    await device.visit.enter();
  }

  /** Who it is and how it is set, from its menu and its dump. */
  async identify(): Promise<MenuSettings> {
    const { visit } = this.#opened();
    const before = this.settings;
    this.settings = await visit.ready();
    if (before === null || !isCalibratedAlike(before, this.settings))
      this.#decimals = new Decimals();
    this.#calibration = undefined;
    this.dump = await visit.dump();
    return this.settings;
  }

  /** Rejects with NoAnswer or Refused; what was set before that stays set. */
  async apply(change: ConfigRequest): Promise<MenuSettings> {
    const { visit } = this.#opened();
    try {
      return await visit.apply(change);
    } finally {
      this.settings = visit.settings ?? this.settings;
    }
  }

  /** Leaves the menu; resolves when the device says that it samples. */
  async sample(): Promise<void> {
    const device = this.#opened();
    this.settings = await device.visit.ready();
    this.#expect(device, this.settings);
    device.beginReset();
    const started = this.#sampling.wait(RESET_S + this.#bytesSeconds(MENU_BYTES));
    await device.visit.leave();
    if (await started) return;
    throw this.#device === null ? new PortClosed('the port went away') : new NoAnswer('its start');
  }

  /** Waits for readings of a device that was sampling before the port was opened. */
  async listen(): Promise<boolean> {
    if (this.settings === null) return false;
    const device = this.#opened();
    this.#expect(device, this.settings);
    device.gate.assumeSampling();
    this.#poll();
    return this.#firstReading.wait(Math.max(3, 3 * averageSeconds(this.settings)));
  }

  /** See {@link Gate.flushPending}. */
  flushPending(): void {
    this.#device?.gate.flushPending();
  }

  async close(): Promise<void> {
    const device = this.#device;
    this.#forget();
    await device?.close();
  }

  #expect(device: Device, settings: MenuSettings): void {
    const average = averageSeconds(settings);
    const paceS = settings.mode === 'polled' ? Math.max(average, 1 / this.pollHz) : average;
    device.expect(settings, this.#decimals, paceS);
  }

  #opened(): Device {
    if (this.#device === null) throw new PortClosed('the port is not open');
    return this.#device;
  }

  #bytesSeconds(bytes: number): number {
    return (bytes * 10) / (this.settings?.baud || 9600);
  }

  /** For good: an answer that is still on its way must bring no query into the menu. */
  #stopPolling(): void {
    this.#poller?.stop();
    this.#poller = null;
  }

  #poll(): void {
    this.#stopPolling();
    const settings = this.settings;
    if (settings?.mode !== 'polled') return;
    const polling = {
      tag: settings.tag ?? 'A',
      averageS: settings.averaging / settings.adcRateHz,
      pollHz: this.pollHz,
    };
    this.#poller = new Poller((text) => this.#device?.send(text), polling);
    this.#poller.start();
  }

  #forget(): void {
    this.#device = null;
    this.#stopPolling();
    this.#sampling.cancel();
    this.#firstReading.cancel();
  }

  #listener(opening: number): DeviceListener {
    const { console, clock, listener } = this.#parts;
    return {
      reading: (digits, at) => this.#reading(digits, at),
      rejected: (reason, line, at) => {
        console.note(reason, line, at);
        console.count(reason);
        listener.rejected(reason, line);
      },
      sent: (text) => console.note('sent', text, clock.now()),
      left: (asked) => {
        if (asked) return;
        this.#stopPolling();
        listener.resetting();
      },
      sampling: (banner) => this.#started(banner),
      fellIntoMenu: () => {
        this.#sampling.cancel();
        listener.needsRestart('the sensor is in its menu');
      },
      heldUp: (held) => listener.heldUp(held),
      closed: (reason) => {
        if (this.#device === null || opening !== this.#opening) return;
        this.#forget();
        listener.lost(reason);
      },
    };
  }

  #started(banner: BannerFacts): void {
    this.#sampling.fire();
    this.#poll();
    const differs = this.settings && disagreement(banner, this.settings, this.#calibration);
    this.#calibration ??= banner.calibration;
    if (differs === null) return;
    // What it sends until its menu is read is not the other sensor's, nor set as that was.
    this.#device?.gate.restart();
    this.#parts.listener.needsRestart(`the sensor's settings changed: ${differs}`);
  }

  #reading(digits: Digits, at: Instant): void {
    const settings = this.settings;
    if (settings === null) return;
    this.#poller?.answered();
    this.#firstReading.fire();
    this.#parts.console.note('reading', readingText(digits), at);
    this.#parts.listener.reading(readingOf(settings, digits, at));
  }
}

function isCalibratedAlike(one: MenuSettings, other: MenuSettings): boolean {
  const factors = ({ serial, calibrationFactor, calibrationUnits }: MenuSettings) =>
    [serial, calibrationFactor, calibrationUnits].join('\n');
  return factors(one) === factors(other);
}

/** Field by field: spread, each reading would cost a kilobyte that only a full collection gives back. */
function readingOf({ serial, mode }: MenuSettings, digits: Digits, at: Instant): Reading {
  const { value, temperature, voltage } = digits;
  const { wallMicros, mono } = at;
  return { wallMicros, mono, sensorId: serial, mode, value, temperature, voltage };
}

function readingText({ value, temperature, voltage }: Digits): string {
  return [value, temperature, voltage].filter((field) => field !== null).join(', ');
}
