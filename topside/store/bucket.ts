import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Sdk } from './s3-sdk.ts';
import { isRefused, StoreFault, statusOf } from './store-fault.ts';

/** Larger files go up in parts of this size. */
const PART_BYTES = 8 * 1024 * 1024;
/** A store that is silent for so long is away. */
const TIMEOUTS = { connectionTimeout: 10_000, socketTimeout: 60_000 };
/** A credentials file that somebody renews is read again; the SDK hands this on to its readers. */
const FRESH_CREDENTIALS = { ignoreCache: true };

/** A file, or what stands ready in memory. */
export type Content = { sha256: string } & ({ path: string } | { bytes: Buffer });

interface Params {
  Bucket: string;
  Key: string;
  Metadata: { sha256: string };
  ContentType: string;
}

/** One bucket of an S3-compatible store. What it throws is a StoreFault. */
export class Bucket {
  readonly #sdk: Sdk;
  readonly #name: string;
  readonly #onNoChecksums: () => void;
  readonly #stopping = new AbortController();
  #client: S3Client;
  #knowsChecksums = true;

  /** `onNoChecksums`: from now on files go up without a checksum for the store to check. */
  constructor(sdk: Sdk, name: string, onNoChecksums: () => void) {
    this.#sdk = sdk;
    this.#name = name;
    this.#onNoChecksums = onNoChecksums;
    this.#client = this.#connected();
  }

  stop(): void {
    this.#stopping.abort();
    this.#client.destroy();
  }

  /** SHA-256 that an object says of itself; null where there is none, or it may not be asked. */
  storedSha256(key: string): Promise<string | null> {
    return this.#tried(async () => {
      const command = new this.#sdk.HeadObjectCommand({ Bucket: this.#name, Key: key });
      try {
        const answer = await this.#client.send(command, this.#options());
        return answer.Metadata?.['sha256'] ?? null;
      } catch (error) {
        // An answer to HEAD has no words. Sending the file brings them, where it is refused too.
        if (isRefused(error)) return null;
        throw error;
      }
    });
  }

  /** The store checks small files against the SHA-256 itself, large ones part by part. */
  put(key: string, content: Content): Promise<void> {
    const Metadata = { sha256: content.sha256 };
    const params = { Bucket: this.#name, Key: key, Metadata, ContentType: contentType(key) };
    return this.#tried(async () => {
      try {
        await this.#send(params, content);
      } catch (error) {
        if (statusOf(error) !== 501 || !(await this.#sendsChecksums())) throw error;
        this.#knowsChecksums = false;
        this.#renew();
        this.#onNoChecksums();
        await this.#send(params, content);
      }
    });
  }

  async #send(params: Params, content: Content): Promise<void> {
    if ('bytes' in content) await this.#sendWhole(params, content.bytes);
    else if ((await stat(content.path)).size > PART_BYTES) {
      await this.#sendParts(params, content.path);
    } else await this.#sendWhole(params, await readFile(content.path));
  }

  async #sendWhole(params: Params, Body: Buffer): Promise<void> {
    const ChecksumSHA256 = Buffer.from(params.Metadata.sha256, 'hex').toString('base64');
    const checksum = (await this.#sendsChecksums()) ? { ChecksumSHA256 } : {};
    const object = { ...params, ...checksum, Body };
    await this.#client.send(new this.#sdk.PutObjectCommand(object), this.#options());
  }

  async #sendParts(params: Params, path: string): Promise<void> {
    const checksum = (await this.#sendsChecksums()) ? { ChecksumAlgorithm: 'SHA256' as const } : {};
    await new this.#sdk.Upload({
      client: this.#client,
      params: { ...params, ...checksum, Body: createReadStream(path) },
      partSize: PART_BYTES,
      abortController: this.#stopping,
    }).done();
  }

  /** Not where the user's AWS settings say so, or the store did. */
  async #sendsChecksums(): Promise<boolean> {
    return (await this.#client.config.requestChecksumCalculation()) === 'WHEN_SUPPORTED';
  }

  #options() {
    return { abortSignal: this.#stopping.signal };
  }

  async #tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#renew();
      throw new StoreFault(error);
    }
  }

  #renew(): void {
    this.#client.destroy();
    this.#client = this.#connected();
  }

  #connected(): S3Client {
    return new this.#sdk.S3Client({
      // Stores that are not Amazon's have no name for each bucket: paths work everywhere.
      forcePathStyle: true,
      requestHandler: TIMEOUTS,
      ...FRESH_CREDENTIALS,
      ...(this.#knowsChecksums ? {} : { requestChecksumCalculation: 'WHEN_REQUIRED' }),
    });
  }
}

function contentType(key: string): string {
  if (key.endsWith('.csv')) return 'text/csv; charset=utf-8';
  if (key.endsWith('.parquet')) return 'application/vnd.apache.parquet';
  return key.endsWith('.json') ? 'application/json' : 'application/x-ndjson';
}
