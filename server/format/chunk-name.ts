import { CHUNK_NAME } from '../../shared/session.ts';
import type { FormatName } from './row-format.ts';

/** What a chunk is called while it is being written. */
export const PART = '.part';

/** `chunk_00000.jsonl`: its name once it is finalized. */
export function chunkName(index: number, format: FormatName): string {
  return `chunk_${String(index).padStart(5, '0')}.${format}`;
}

/** The index in a finalized chunk's name, or null for any other name. */
export function chunkIndex(filename: string): number | null {
  const digits = CHUNK_NAME.exec(filename)?.[1];
  return digits === undefined ? null : Number(digits);
}
