import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Settings, settings } from '../../shared/api/service.ts';
import { ApiError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json.ts';
import { writeDurably } from '../files/durable-file.ts';
import { isMissing, isSystemError, reasonOf } from '../files/storage-error.ts';

const DEFAULTS: Settings = {
  connect_at_start: false,
  serial_port: null,
  serial_baud: null,
  chunk_interval_s: 60,
  disk_reserve_bytes: 200_000_000,
  allowed_hosts: [],
  mavlink_out: true,
  vehicle_system_id: null,
  mavlink_component_id: 193,
  record_by_itself: 'never',
  record_below_m: 2,
  record_end_delay_s: 60,
  water_density_kg_m3: 1025,
  sensor_below_port_m: 0,
  sensor_mount_deg: 0,
  collector: 'cosine',
};

const FILE_NAME = 'settings.json';

/** Settings that outlive a restart, in the data folder. */
export class SettingsStore {
  #path: string;
  #current: Settings = DEFAULTS;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#path = join(folder, FILE_NAME);
  }

  get current(): Settings {
    return this.#current;
  }

  /** An SD card may have left the file empty, cut or unreadable: then the defaults hold, and `warn` is told. */
  async start(warn: (message: string) => void): Promise<void> {
    const unread = `${FILE_NAME} can't be read: the default settings are used.`;
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      if (!isMissing(error)) warn(`${unread} ${reasonOf(error)}`);
      return null;
    });
    if (text === null) return;
    const stored = settings.partial().safeParse(parseJson(text));
    if (stored.success) this.#current = { ...DEFAULTS, ...defined(stored.data) };
    else warn(unread);
  }

  /** Resolves when the change survives a power cut. */
  async change(patch: Given<Settings>): Promise<Settings> {
    const next = { ...this.#current, ...defined(patch) };
    const text = `${JSON.stringify(next, null, 2)}\n`;
    const written = this.#writing.then(() => writeDurably(this.#path, text));
    this.#writing = written.catch(() => undefined);
    await written.catch((cause: Error) => {
      throw new ApiError('storage_unavailable', "The settings can't be written to the disk.", {
        cause,
      });
    });
    this.#current = next;
    return next;
  }
}

type Given<T> = { [K in keyof T]?: T[K] | undefined };
type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Defined<T>;
}
