import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionSummary } from '../../shared/session.ts';
import { VEHICLE_FILE, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { EVENTS, joinedName, MANIFEST, METADATA } from '../layout.ts';
import { readLocalSession } from '../local/local-session.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { type S3Address, sessionPrefix } from '../s3-address.ts';
import type { Bucket, Content } from './bucket.ts';
import { StoreFault } from './store-fault.ts';

const OTHER_FILES = [MANIFEST, EVENTS, joinedName('csv'), joinedName('parquet')];
/** It grows: sent again with each chunk, it would cost a tether more than the chunks. */
const AT_THE_END = [VEHICLE_FILE, VEHICLE_MANIFEST];

/** What is to be in the store of a session. */
export interface Wanted {
  summary: SessionSummary;
  /** Where its files lie here. */
  folder: string;
  /** Text of its metadata, once all that it speaks of is here; null before. */
  metadata: string | null;
  /** All is here: then metadata in the store says that all is there, too. */
  isWhole: boolean;
}

/** The files of sessions in a bucket, by the layout that is published for it. */
export class ObjectStore {
  readonly #bucket: Bucket;
  readonly #address: S3Address;
  readonly #vehicle: string;
  /** SHA-256 of what this run knows to be in the store, by key. */
  readonly #stored = new Map<string, string>();

  constructor(bucket: Bucket, address: S3Address, vehicle: string) {
    this.#bucket = bucket;
    this.#address = address;
    this.#vehicle = vehicle;
  }

  stop(): void {
    this.#bucket.stop();
  }

  /** What is there already is not sent again. Metadata goes last. */
  async put(wanted: Wanted): Promise<void> {
    const { summary, folder, isWhole } = wanted;
    const { start_time, session_id } = summary;
    const prefix = sessionPrefix(this.#address, this.#vehicle, start_time, session_id);
    const metadata = metadataOf(wanted);
    if (isWhole && metadata && (await this.#isThere(prefix + METADATA, metadata))) return;
    for (const { filename, sha256 } of (await readLocalSession(folder)).manifest) {
      await this.#putChunk(prefix + filename, { path: join(folder, filename), sha256 });
    }
    const names = await readdir(folder);
    for (const name of otherFiles(wanted).filter((other) => names.includes(other))) {
      const path = join(folder, name);
      await this.#putOnce(prefix + name, { path, sha256: await fileSha256(path) });
    }
    if (metadata) await this.#putOnce(prefix + METADATA, metadata);
  }

  async #putChunk(key: string, chunk: { path: string; sha256: string }): Promise<void> {
    if (await this.#isThere(key, chunk)) return;
    mustMatch(await fileSha256(chunk.path), chunk);
    await this.#putOnce(key, chunk);
  }

  async #putOnce(key: string, content: Content): Promise<void> {
    if (await this.#isThere(key, content)) return;
    await this.#bucket.put(key, content);
    this.#stored.set(key, content.sha256);
  }

  async #isThere(key: string, { sha256 }: Content): Promise<boolean> {
    const known = this.#stored.get(key) ?? (await this.#bucket.storedSha256(key));
    if (known !== null) this.#stored.set(key, known);
    return known === sha256;
  }
}

function metadataOf({ metadata }: Wanted): Content | null {
  if (metadata === null) return null;
  return {
    bytes: Buffer.from(metadata),
    sha256: createHash('sha256').update(metadata).digest('hex'),
  };
}

function otherFiles({ summary, metadata }: Wanted): string[] {
  const hasEnded = metadata !== null && summary.state !== 'recording';
  return hasEnded ? [...OTHER_FILES, ...AT_THE_END] : OTHER_FILES;
}

function mustMatch(actual: string, { path, sha256 }: { path: string; sha256: string }): void {
  if (actual !== sha256) throw new StoreFault(`${path} is damaged: run qsensor-mirror verify`);
}
