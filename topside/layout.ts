import type { Chunk } from '../shared/session.ts';

/** Names in a mirror: those of the vehicle, and what only a mirror has. */
export const MANIFEST = 'manifest.jsonl';
export const EVENTS = 'events.jsonl';
export const METADATA = 'metadata.json';
/** What a chunk is called while it is being received. */
export const DOWNLOAD = '.download';
/** What a recorder calls the chunk that it writes. */
export const PART = '.part';
/** Bytes that never matched the vehicle's own SHA-256, kept aside. */
export const DAMAGED = '.damaged';
/** A chunk that the vehicle now has with other bytes; the first ones are kept. */
export const REPLACED = '.replaced';

const CHUNK_NAME = /^chunk_\d{5,}\.(?:jsonl|csv)$/;

export function isChunkName(name: string): boolean {
  return CHUNK_NAME.test(name);
}

export function joinedName(format: 'csv' | 'parquet'): string {
  return `session.${format}`;
}

/** The dive on two pages, made by the vehicle. */
export const REPORT = 'report.html';

/** Rows of the chunk being recorded, until it is sealed. */
export const TAIL = 'tail.jsonl';
/** Rows that the tail had and the sealed chunk has not. */
export const TAIL_KEPT = 'tail.kept.jsonl';

/** A file of the vehicle, or what is sealed of one that grows. */
export type Wanted = Pick<Chunk, 'filename' | 'size_bytes' | 'sha256'>;
