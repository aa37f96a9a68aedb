import type { ConfigRequest, ConsoleLine, SensorConfig } from '../../shared/api/sensor.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Note } from '../../shared/events.ts';
import type { AcquisitionMode, Reading } from '../../shared/reading.ts';
import { BaudFinder, type BaudSearch } from './baud-finder.ts';
import { Connection } from './connection.ts';
import { SerialConsole } from './console.ts';
import type { DeviceParts } from './device.ts';
import { Gaps } from './gaps.ts';
import { Lock } from './lock.ts';
import type { MenuSettings } from './menu.ts';
import {
  expectedRateHz,
  menuSettings,
  type SensorSnapshot,
  sensorConfig,
  sensorSnapshot,
} from './snapshot.ts';
import { type Goal, Supervisor } from './supervisor.ts';
import { nowhereHeard, sensorError } from './words.ts';

export interface SensorListener {
  reading(reading: Reading): void;
  /** Something that makes a gap in the readings, or explains one. */
  event(note: Note): void;
  /** The sensor was identified, or its settings changed. */
  identified(config: SensorConfig): void;
}

export interface SensorParts extends DeviceParts {
  /** Where the device is now; null: it is not there. */
  findPort(port: string): Promise<string | null>;
  /** Whether the device's node is still there. */
  isPresent(port: string): Promise<boolean>;
  /** Whether both are names of one device. */
  isSamePort(one: string, other: string): Promise<boolean>;
  listener: SensorListener;
}

/** How acquisition runs; `poll_hz`: queries a second in polled mode. */
export interface Sampling {
  mode: AcquisitionMode;
  poll_hz?: number;
}

/** What a search for the baud rate gave. */
export interface Found {
  sensorId: string;
  baud: number;
  tried: BaudSearch['tried'];
}

const ACQUIRING = 'The sensor is acquiring: stop it first.';

/** The sensor as the service sees it: its state, and the calls that change it, one at a time. */
export class Sensor {
  #listener: SensorListener;
  #console = new SerialConsole();
  #lock = new Lock();
  #connection: Connection;
  #supervisor: Supervisor;
  #finder: BaudFinder;
  #gaps: Gaps;
  readonly #isSamePort: SensorParts['isSamePort'];
  #port: { path: string; baud: number } | null = null;
  #paused = false;

  constructor(parts: SensorParts) {
    const { openPort, clock, stalls, findPort, isPresent, listener } = parts;
    this.#listener = listener;
    this.#isSamePort = parts.isSamePort;
    this.#finder = new BaudFinder(openPort, clock);
    this.#connection = new Connection({
      openPort,
      clock,
      stalls,
      console: this.#console,
      listener: {
        reading: (reading) => this.#reading(reading),
        rejected: (reason, line) => {
          const isDue = reason !== 'banner' && reason !== 'menu' && this.isAcquiring;
          if (isDue) this.#gaps.rejected(reason, line);
        },
        heldUp: (held) => this.#gaps.heldUp(held),
        lost: (reason) => this.#supervisor.lost(reason),
        resetting: () => this.#supervisor.resetting(),
        needsRestart: (reason) => this.#supervisor.needsRestart(reason),
      },
    });
    this.#supervisor = new Supervisor({
      connection: this.#connection,
      clock,
      stalls,
      findPort,
      isPresent,
      lock: this.#lock,
      note: (gap) => this.#gaps.begin(gap),
      identified: (settings) => listener.identified(sensorConfig(settings)),
    });
    this.#gaps = new Gaps(
      (note) => listener.event(note),
      () => expectedRateHz(this.#settings(), this.#connection.pollHz),
    );
  }

  /**
   * Opens the port and identifies the sensor; what was to be kept up is kept up. Connected to it
   * already: nothing is done.
   */
  connect(path: string, baud: number): Promise<{ sensorId: string }> {
    return this.#locked(path, baud, async () => {
      if (this.#connection.isOpen || this.#supervisor.goal) {
        if (!(await this.#isPort(path))) throw this.#otherPort();
        if (this.#connection.isOpen) return { sensorId: this.#settings().serial };
      }
      return this.#keepingUp(async (want) => {
        const { serial } = await this.#open(path, baud);
        await this.#goOn(want);
        return { sensorId: serial };
      });
    });
  }

  /**
   * Looks for the baud rate and connects with it. What was to be kept up is kept up, at the
   * new rate or, when none is found, as before. Connected and well: nothing is done.
   */
  findBaud(path: string, first: number): Promise<Found> {
    return this.#locked(path, first, async () => {
      const { isOpen } = this.#connection;
      const { goal, isRestoring, problem } = this.#supervisor;
      if ((isOpen || goal) && !(await this.#isPort(path))) throw this.#otherPort();
      if (isOpen && !isRestoring && problem === null) {
        return { sensorId: this.#settings().serial, baud: this.#where()[1], tried: [] };
      }
      return this.#keepingUp((want) => this.#search(path, first, want));
    });
  }

  /** Never fails: whatever is under way is broken off. */
  async disconnect(): Promise<void> {
    this.#abandon();
    this.#finder.stop();
    await this.#connection.close();
    await this.#lock.run(() => this.#connection.close());
  }

  /** A sensor that acquires is interrupted for it where `restart` allows that, and else left alone. */
  configure(change: ConfigRequest, restart = false): Promise<SensorConfig> {
    return this.#locked(...this.#where(), async () => {
      this.#needConnection();
      if (!this.isAcquiring) return this.#apply(change);
      if (!restart) throw new ApiError('wrong_state', ACQUIRING);
      return this.#keepingUp(async () => {
        await this.#hold();
        try {
          return await this.#apply(change);
        } finally {
          await this.#sample();
        }
      });
    });
  }

  /** Starts acquisition in the configured mode, or in the one that is asked for. */
  start(pollHz: number, mode?: AcquisitionMode): Promise<Sampling> {
    return this.#locked(...this.#where(), async () => {
      this.#needConnection();
      if (this.isAcquiring) throw new ApiError('already_acquiring', 'The sensor acquires already.');
      if (this.#paused) {
        throw new ApiError(
          'already_acquiring',
          'Acquisition is paused: resume it, or stop it first.',
        );
      }
      if (mode && this.#settings().mode !== mode) await this.#connection.apply({ mode });
      return this.#sample(pollHz);
    });
  }

  pause(): Promise<void> {
    return this.#locked(...this.#where(), async () => {
      if (!this.isAcquiring) throw new ApiError('wrong_state', 'Nothing to pause: start first.');
      this.#paused = true;
      // Also where the device does not confirm it: it may have stopped all the same.
      await this.#hold().finally(() =>
        this.#gaps.begin({ kind: 'acquisition_paused', detail: 'Acquisition was paused.' }),
      );
    });
  }

  resume(): Promise<{ mode: AcquisitionMode }> {
    return this.#locked(...this.#where(), async () => {
      if (!this.#paused) throw new ApiError('wrong_state', 'Acquisition is not paused.');
      const { mode } = await this.#sample();
      return { mode };
    });
  }

  /** Leaves the device in its menu. While it can't be reached, only the goal changes. */
  async stop(): Promise<void> {
    if (!this.isAcquiring && !this.#paused) {
      throw new ApiError('not_acquiring', 'Acquisition is not running.');
    }
    if (this.#supervisor.isRestoring) return this.#stopLooking();
    await this.#locked(...this.#where(), async () => {
      if (!this.#paused) await this.#hold();
      this.#paused = false;
    });
  }

  /**
   * Connects and acquires, and keeps trying until it can. `known` is what the sensor told a
   * moment ago, before a restart of the service: if it still streams no menu visit is needed.
   */
  restore(path: string, baud: number, known: SensorConfig | null = null): void {
    this.#port = { path, baud };
    this.#connection.settings = known && menuSettings(known);
    this.#paused = false;
    this.#supervisor.restore({ port: path, baud, want: 'sampling' });
  }

  /** Acquiring, or on the way back to it after a fault. */
  get isAcquiring(): boolean {
    return this.#supervisor.goal?.want === 'sampling';
  }

  /**
   * Tells at once of what is waiting: a line that may be cut, and those that were left out. Before
   * a session begins or ends, and before a row that is no reading.
   */
  flushPending(): void {
    this.#connection.flushPending();
    this.#gaps.flush();
  }

  /** The line that `^` gave when the sensor was identified, for support. */
  get configurationDump(): string | null {
    return this.#connection.dump;
  }

  consoleLines(): ConsoleLine[] {
    return this.#console.lines();
  }

  snapshot(): SensorSnapshot {
    return sensorSnapshot({
      connection: this.#connection,
      supervisor: this.#supervisor,
      port: this.#port,
      isPaused: this.#paused,
      rejected: this.#console.rejected,
    });
  }

  #locked<T>(path: string, baud: number, task: () => Promise<T>): Promise<T> {
    return this.#lock.run(() =>
      task().catch((error: unknown) => {
        throw sensorError(error, path, baud);
      }),
    );
  }

  #where(): [path: string, baud: number] {
    return [this.#port?.path ?? 'the port', this.#port?.baud ?? 0];
  }

  #settings(): MenuSettings {
    const settings = this.#connection.settings;
    if (settings === null) throw notConnected();
    return settings;
  }

  #needConnection(): void {
    if (!this.#connection.isOpen) throw notConnected();
  }

  /** Whether it is a name of the port that is kept up: links to one device are one port. */
  async #isPort(path: string): Promise<boolean> {
    const known = this.#port?.path;
    return known !== undefined && (known === path || (await this.#isSamePort(known, path)));
  }

  #otherPort(): ApiError {
    const detail = `Connected to ${this.#port?.path}: disconnect it before another port is opened.`;
    return new ApiError('other_port', detail);
  }

  async #open(path: string, baud: number): Promise<MenuSettings> {
    this.#port = { path, baud };
    try {
      await this.#connection.open(path, baud);
      await this.#connection.hold();
      const settings = await this.#connection.identify();
      this.#listener.identified(sensorConfig(settings));
      return settings;
    } catch (error) {
      this.#abandon();
      await this.#connection.close();
      throw error;
    }
  }

  async #apply(change: ConfigRequest): Promise<SensorConfig> {
    const config = sensorConfig(await this.#connection.apply(change));
    this.#listener.identified(config);
    return config;
  }

  /** `pollHz`: queries a second from now on; left out, as many as were asked for last. */
  async #sample(pollHz?: number): Promise<Sampling> {
    if (pollHz !== undefined) this.#connection.pollHz = pollHz;
    await this.#connection.sample();
    this.#paused = false;
    const [port, baud] = this.#where();
    this.#supervisor.watchFor({ port, baud, want: 'sampling' });
    const settings = this.#settings();
    this.#listener.identified(sensorConfig(settings));
    const { mode } = settings;
    return mode === 'polled' ? { mode, poll_hz: this.#connection.pollHz } : { mode };
  }

  async #hold(): Promise<void> {
    const [port, baud] = this.#where();
    this.#supervisor.watchFor({ port, baud, want: 'menu' });
    this.#gaps.flush();
    await this.#connection.hold();
  }

  async #stopLooking(): Promise<void> {
    const [port, baud] = this.#where();
    this.#paused = false;
    this.#supervisor.watchFor(null);
    await this.#connection.close();
    this.#supervisor.restore({ port, baud, want: 'menu' });
  }

  async #search(path: string, first: number, want: Goal['want']): Promise<Found> {
    this.#supervisor.watchFor(null);
    await this.#connection.close();
    const { baud, tried } = await this.#finder.find(path, first);
    if (baud === null) throw nowhereHeard(path, tried);
    const settings = await this.#open(path, baud);
    await this.#goOn(want);
    return { sensorId: settings.serial, baud, tried };
  }

  /** What was to be kept up still is when the task fails, as if it had not been tried. */
  async #keepingUp<T>(task: (want: Goal['want']) => Promise<T>): Promise<T> {
    const { goal } = this.#supervisor;
    const paused = this.#paused;
    try {
      return await task(goal?.want ?? 'menu');
    } catch (error) {
      if (goal) {
        this.#port = { path: goal.port, baud: goal.baud };
        this.#paused = paused;
        this.#supervisor.restore(goal);
      }
      throw error;
    }
  }

  /** From the menu of a sensor that has just been identified. */
  async #goOn(want: Goal['want']): Promise<void> {
    if (want === 'sampling') await this.#sample();
    else {
      const [port, baud] = this.#where();
      this.#supervisor.watchFor({ port, baud, want });
    }
  }

  #abandon(): void {
    this.#supervisor.watchFor(null);
    this.#gaps.flush();
    this.#port = null;
    this.#paused = false;
    this.#connection.settings = null;
  }

  #reading(reading: Reading): void {
    this.#gaps.reading(reading);
    this.#supervisor.reading(reading.mono);
    this.#listener.reading(reading);
  }
}

export function notConnected(): ApiError {
  return new ApiError('not_connected', 'The sensor is not connected: connect it first.');
}
