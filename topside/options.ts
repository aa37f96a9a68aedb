import type { S3Address } from './s3-address.ts';

export type Join = 'csv' | 'parquet' | 'none';

export interface MirrorOptions {
  command: 'mirror';
  /** Ends with a slash, so that relative paths keep a proxy prefix. */
  base: URL;
  out: string;
  /** null: every session. Otherwise an id, or which one. */
  session: string | null;
  /** Milliseconds since 1970. */
  sinceMs: number | null;
  once: boolean;
  join: Join;
  /** The dive on two pages, too. */
  report: boolean;
  /** Rows are followed as they are recorded, ahead of their chunk. */
  tail: boolean;
  /** Bytes a second. */
  bandwidth: number | null;
  parallel: number;
  giveUpS: number;
  json: boolean;
  /** An object store that gets a copy, too. */
  to: S3Address | null;
  /** The vehicle's name in the store. */
  vehicle: string;
  /** Sent with every call; null: none. */
  token: string | null;
}

export interface VerifyOptions {
  command: 'verify';
  folder: string;
  json: boolean;
}

export type Options = MirrorOptions | VerifyOptions | { command: 'help' };
