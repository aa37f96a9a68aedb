import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ApiError } from '../../shared/errors.ts';
import {
  chunkIntervalS,
  isoTime,
  sessionId,
  sessionState,
  type UserMetadata,
} from '../../shared/session.ts';
import { writeDurably } from './durable-file.ts';
import { isMissing } from './storage-error.ts';

const SCHEMA_VERSION = 1;
const METADATA_NAME = 'metadata.json';
const USER_METADATA_BYTES = 64 * 1024;

/** What the recorder itself writes into metadata.json; the caller's keys stand beside these. */
const recorderMetadata = z.object({
  session_id: sessionId,
  schema_version: z.int(),
  software_version: z.string(),
  state: sessionState,
  /** Why the session failed, in words. */
  failure: z.string().nullable(),
  format: z.enum(['jsonl', 'csv']),
  start_time: isoTime,
  end_time: isoTime.nullable(),
  /** When it last went on after a restart. */
  resumed_at: isoTime.nullable(),
  chunk_interval_s: chunkIntervalS,
  sensor_id: z.string().nullable(),
  /** What the sensor's menu told: averaging, ADC rate, tag and so on. */
  sensor: z.record(z.string(), z.json()),
  port: z.string().nullable(),
  baud: z.int().nullable(),
  /** The boot during which `mono_start` holds. */
  boot_id: z.string().nullable(),
  /** Monotonic seconds at which elapsed_s is 0. */
  mono_start: z.number(),
  total_rows: z.int().min(0),
  chunk_count: z.int().min(0),
  size_bytes: z.int().min(0),
  duration_s: z.number().min(0),
  /** A failed session of which something lies unsealed: the next start mends it. */
  needs_recovery: z.boolean(),
  /** Numbers below these were given away before the last recovery, also to what was lost since. */
  first_free_index: z.int().min(0).default(0),
  first_free_seq: z.int().min(0).default(0),
});
export type RecorderMetadata = z.infer<typeof recorderMetadata>;
export type SessionMetadata = RecorderMetadata & UserMetadata;

/** Keys that a caller can't set. `__proto__` would be lost in many a reader of the file. */
export const RESERVED_KEYS: readonly string[] = [
  ...Object.keys(recorderMetadata.shape),
  '__proto__',
];

const storedMetadata = z.looseObject(recorderMetadata.shape);

/** A session that begins: nothing recorded yet. */
export const NOTHING_RECORDED = {
  schema_version: SCHEMA_VERSION,
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

/** null where the file is missing, empty or no metadata of ours. Keys keep the order of the file. */
export async function readMetadata(folder: string): Promise<SessionMetadata | null> {
  const stored = parseJson(await readIfThere(join(folder, METADATA_NAME)));
  return storedMetadata.safeParse(stored).success ? (stored as SessionMetadata) : null;
}

/** A file's text; empty where there is none. */
export async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
