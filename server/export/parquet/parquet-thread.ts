import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { JoinSource } from '../row-join.ts';
import type { ParquetMetadata } from './parquet.ts';

/** A session to be encoded; plain data, so that it can be handed to a thread. */
export interface ParquetTask {
  /** Chunk files of the folder in order, with slashes between: a long list is costly to hand over. */
  names: string;
  metadata: ParquetMetadata;
  join: JoinSource;
}

/** Beside this file, built as it is. */
const MODULE = new URL(`./parquet-worker${extname(import.meta.url)}`, import.meta.url);

/** A thread that knows no limits lets twice as much garbage lie, and is no faster for it. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };

/**
 * A session as one Parquet file, encoded in a thread of its own: a row group takes tens of
 * milliseconds, for which no reading would reach anybody. The thread ends with the stream, and
 * never has more than one part of the file ready. `onDamage` is told of lines that are left out.
 */
export function parquetInThread(task: ParquetTask, onDamage: (detail: string) => void): Readable {
  const worker = new Worker(MODULE, { workerData: task, resourceLimits: LIMITS });
  const file = new Readable({
    read: () => worker.postMessage('next'),
    destroy: (error, done) => void worker.terminate().then(() => done(error)),
  });
  let isWhole = false;
  worker.on('message', (part: Uint8Array | string | null) => {
    if (typeof part === 'string') return onDamage(part);
    isWhole = part === null;
    file.push(part);
  });
  worker.on('error', (error) => file.destroy(error));
  // A slow client may take the last parts long after the thread has made them.
  worker.on('exit', () => {
    if (!isWhole) file.destroy(new Error('the encoding thread ended'));
  });
  return file;
}
