import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE } from '../../shared/annotations.ts';
import { README, SCHEMA_FOLDER } from '../../shared/archive/readme.ts';
import type { SessionSummary } from '../../shared/session.ts';
import { VEHICLE_FILE, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { EVENTS, joinedName, MANIFEST, METADATA, REPORT } from '../layout.ts';
import { readLocalSession } from '../local/local-session.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { type S3Address, sessionPrefix } from '../s3-address.ts';
import type { Bucket, Content } from './bucket.ts';
import { StoreFault } from './store-fault.ts';

const OTHER_FILES = [MANIFEST, EVENTS, joinedName('csv'), joinedName('parquet')];
/** It grows: sent again with each chunk, it would cost a tether more than the chunks. */
const AT_THE_END = [VEHICLE_FILE, VEHICLE_MANIFEST, ANNOTATIONS_FILE, README, REPORT];

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
    const names = await namesIn(folder);
    for (const name of names.filter(isWanted(wanted))) {
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

/** Files of a session's folder, those of its schemas among them. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  if (!names.includes(SCHEMA_FOLDER)) return names;
  const schemas = await readdir(join(folder, SCHEMA_FOLDER));
  return [...names, ...schemas.map((name) => `${SCHEMA_FOLDER}/${name}`)];
}

function isWanted({ summary, metadata }: Wanted): (name: string) => boolean {
  const hasEnded = metadata !== null && summary.state !== 'recording';
  const atTheEnd = (name: string) =>
    AT_THE_END.includes(name) || name.startsWith(`${SCHEMA_FOLDER}/`);
  return (name) => OTHER_FILES.includes(name) || (hasEnded && atTheEnd(name));
}

function mustMatch(actual: string, { path, sha256 }: { path: string; sha256: string }): void {
  if (actual !== sha256) throw new StoreFault(`${path} is damaged: run qsensor-mirror verify`);
}
