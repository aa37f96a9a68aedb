import { join } from 'node:path';
import { z } from 'zod';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import { type Collector, describeInCf } from '../../shared/cf.ts';
import { ApiError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/json.ts';
import {
  type Described,
  described,
  METADATA_VERSION,
  recorderKeys,
} from '../../shared/metadata.ts';
import type { UserMetadata } from '../../shared/session.ts';
import { writeDurably } from '../files/durable-file.ts';
import { readOrLost } from '../files/read-text.ts';
import { METADATA_NAME } from './names.ts';

const USER_METADATA_BYTES = 64 * 1024;

/** Sessions of version 1 have nothing of what describes the values. */
export type RecorderMetadata = z.infer<typeof recorderKeys> & Partial<Described>;
export type SessionMetadata = RecorderMetadata & UserMetadata;

/** Keys that a caller can't set. `__proto__` would be lost in many a reader of the file. */
export const RESERVED_KEYS: readonly string[] = [
  ...Object.keys({ ...recorderKeys.shape, ...described.shape }),
  '__proto__',
];

const storedMetadata = z.looseObject(recorderKeys.shape);

/** Whether the recorder's own keys are those of this version; in others they may be a caller's. */
export function isOfThisVersion({ schema_version }: RecorderMetadata): boolean {
  return schema_version === METADATA_VERSION;
}

/** What the values are, as far as the sensor is known. */
export function description(collector: Collector | null, sensor: SensorConfig | null) {
  return { collector, ...describeInCf(collector, sensor?.calibration_units ?? null) };
}

/** A session that begins: nothing recorded yet. */
export const NOTHING_RECORDED = {
  schema_version: METADATA_VERSION,
  state: 'recording',
  failure: null,
  end_time: null,
  resumed_at: null,
  total_rows: 0,
  chunk_count: 0,
  size_bytes: 0,
  duration_s: 0,
  needs_recovery: false,
  first_free_index: 0,
  first_free_seq: 0,
  immersion_factor_applied: false,
  clock_steps: [] as Described['clock_steps'],
  clock_step_count: 0,
} as const;

/** Refuses what must not stand beside the recorder's own keys: 400 with the reason. */
export function checkUserMetadata(metadata: UserMetadata): void {
  const reserved = Object.keys(metadata).filter((key) => RESERVED_KEYS.includes(key));
  if (reserved.length > 0) {
    const names = reserved.join(', ');
    throw new ApiError(
      'reserved_metadata_key',
      `The recorder itself writes ${names}: choose another key in metadata.`,
    );
  }
  if (jsonBytes(metadata) > USER_METADATA_BYTES) {
    throw new ApiError('bad_request', 'metadata is larger than 64 KiB: send less.');
  }
}

function jsonBytes(metadata: UserMetadata): number {
  try {
    return Buffer.byteLength(JSON.stringify(metadata));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError('bad_request', 'metadata is nested too deeply.', { cause: error });
  }
}

/** metadata.json of one session: as it stands on disk, replaced as a whole at each change. */
export class MetadataFile {
  readonly #path: string;
  #data: SessionMetadata;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, data: SessionMetadata) {
    this.#path = join(folder, METADATA_NAME);
    this.#data = data;
  }

  get data(): SessionMetadata {
    return this.#data;
  }

  /** Changes some keys; resolves when they survive a power cut. */
  update(patch: Partial<RecorderMetadata>): Promise<void> {
    this.#data = { ...this.#data, ...patch };
    return this.write();
  }

  write(): Promise<void> {
    const after = this.#writing.catch(() => undefined);
    this.#writing = after.then(() =>
      writeDurably(this.#path, `${JSON.stringify(this.#data, null, 2)}\n`),
    );
    return this.#writing;
  }
}

/** null where the file is missing, unreadable, empty or no metadata of ours. Keys keep the order of the file; some may be new. */
export async function readMetadata(folder: string): Promise<SessionMetadata | null> {
  const stored = parseJson((await readOrLost(join(folder, METADATA_NAME))) ?? '');
  const known = storedMetadata.safeParse(stored);
  return known.success ? { ...(stored as UserMetadata), ...(known.data as SessionMetadata) } : null;
}

/** Only then nothing of it changes any more: a chunk may still be finalized, or be mended. */
export function isClosed({
  state,
  needs_recovery,
}: Pick<RecorderMetadata, 'state' | 'needs_recovery'>): boolean {
  return state !== 'recording' && !needs_recovery;
}
