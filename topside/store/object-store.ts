import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Chunk, SessionSummary } from '../../shared/session.ts';
import { VEHICLE_FILE, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { EXIT, LeaveError } from '../exit-codes.ts';
import { EVENTS, joinedName, MANIFEST, METADATA } from '../layout.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { type S3Address, sessionPrefix } from '../s3-address.ts';
import { loadSdk, type Sdk } from './s3-sdk.ts';
import { storeError } from './store-error.ts';

/** Larger files go up in parts of this size. */
const PART_BYTES = 8 * 1024 * 1024;
const OTHER_FILES = [MANIFEST, EVENTS, joinedName('csv'), joinedName('parquet')];
/** It grows: sent again with each chunk, it would cost a tether more than the chunks. */
const AT_THE_END = [VEHICLE_FILE, VEHICLE_MANIFEST];

/** Any S3-compatible store, with the address and the credentials of the AWS environment. */
export class ObjectStore {
  readonly #address: S3Address;
  readonly #vehicle: string;
  readonly #sdk: Sdk;
  readonly #client: S3Client;
  /** SHA-256 of what this run knows to be in the store, by key. */
  readonly #stored = new Map<string, string>();

  private constructor(address: S3Address, vehicle: string, sdk: Sdk) {
    this.#address = address;
    this.#vehicle = vehicle;
    this.#sdk = sdk;
    // Stores that are not Amazon's have no name for each bucket: paths work everywhere.
    this.#client = new sdk.S3Client({ forcePathStyle: true });
  }

  static async open(address: S3Address, vehicle: string): Promise<ObjectStore> {
    return new ObjectStore(address, vehicle, await loadSdk());
  }

  stop(): void {
    this.#client.destroy();
  }

  /** Makes sure of a session that is here whole: its metadata in the store says so. */
  async putComplete(folder: string, summary: SessionSummary, chunks: readonly Chunk[]) {
    const stored = await this.#known(this.#prefix(summary) + METADATA);
    if (stored === (await fileSha256(join(folder, METADATA)))) return;
    await this.put(folder, summary, chunks, true);
  }

  /**
   * Brings what is here of a session into the store; what is there already is not sent again.
   * Metadata goes last, and only when all that it speaks of is here.
   */
  async put(
    folder: string,
    summary: SessionSummary,
    chunks: readonly Chunk[],
    caughtUp: boolean,
  ): Promise<void> {
    const prefix = this.#prefix(summary);
    for (const { filename, sha256 } of chunks) {
      await this.#putOnce(prefix + filename, join(folder, filename), sha256);
    }
    const names = await readdir(folder);
    const hasEnded = caughtUp && summary.state !== 'recording';
    const atTheEnd = hasEnded ? AT_THE_END : [];
    const others = [...OTHER_FILES, ...atTheEnd, ...(caughtUp ? [METADATA] : [])];
    for (const name of others.filter((other) => names.includes(other))) {
      await this.#putOnce(prefix + name, join(folder, name), await fileSha256(join(folder, name)));
    }
  }

  #prefix({ start_time, session_id }: SessionSummary): string {
    return sessionPrefix(this.#address, this.#vehicle, start_time, session_id);
  }

  async #putOnce(key: string, path: string, sha256: string): Promise<void> {
    if ((await this.#known(key)) === sha256) return;
    mustMatch(await fileSha256(path), sha256, path);
    await this.#tried(() => this.#send(key, path, sha256));
    this.#stored.set(key, sha256);
  }

  async #known(key: string): Promise<string | null> {
    const known = this.#stored.get(key) ?? (await this.#tried(() => this.#storedSha256(key)));
    if (known !== null) this.#stored.set(key, known);
    return known;
  }

  async #tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(error);
    }
  }

  /** What the object says of itself; null where there is none. */
  async #storedSha256(key: string): Promise<string | null> {
    const command = new this.#sdk.HeadObjectCommand({ Bucket: this.#address.bucket, Key: key });
    try {
      return (await this.#client.send(command)).Metadata?.['sha256'] ?? null;
    } catch (error) {
      if (error instanceof this.#sdk.NotFound) return null;
      throw error;
    }
  }

  /** The store checks small files against the SHA-256 itself, large ones part by part. */
  async #send(key: string, path: string, sha256: string): Promise<void> {
    const params = {
      ...{ Bucket: this.#address.bucket, Key: key, Metadata: { sha256 } },
      ContentType: contentType(key),
    };
    if ((await stat(path)).size > PART_BYTES) await this.#sendParts(params, path);
    else await this.#sendWhole(params, path, sha256);
  }

  async #sendWhole(params: { Bucket: string; Key: string }, path: string, sha256: string) {
    const Body = await readFile(path);
    const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
    await this.#client.send(new this.#sdk.PutObjectCommand({ ...params, Body, ChecksumSHA256 }));
  }

  async #sendParts(params: { Bucket: string; Key: string }, path: string): Promise<void> {
    const body = { Body: createReadStream(path), ChecksumAlgorithm: 'SHA256' as const };
    const options = { client: this.#client, params: { ...params, ...body }, partSize: PART_BYTES };
    await new this.#sdk.Upload(options).done();
  }
}

function contentType(key: string): string {
  if (key.endsWith('.csv')) return 'text/csv; charset=utf-8';
  if (key.endsWith('.parquet')) return 'application/vnd.apache.parquet';
  return key.endsWith('.json') ? 'application/json' : 'application/x-ndjson';
}

function mustMatch(actual: string, expected: string, path: string): void {
  if (actual === expected) return;
  throw new LeaveError(EXIT.faults, `${path} is damaged: run qsensor-mirror verify`);
}
