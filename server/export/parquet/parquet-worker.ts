import { once } from 'node:events';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { rowJoin } from '../row-join.ts';
import { sessionParquet } from './parquet.ts';
import type { ParquetTask } from './parquet-thread.ts';

/**
 * A thread that encodes one session: a part of the file for each message that asks for one,
 * null after the last, and words for each damaged line that was left out. An error ends the thread, and is told to whoever started it.
 */
async function encode(port: NonNullable<typeof parentPort>, task: ParquetTask): Promise<void> {
  const { names, metadata } = task;
  const paths = names.split('/').map((name) => join(task.join.folder, name));
  const onDamage = ({ message }: Error) => port.postMessage(message);
  const file = sessionParquet(paths, metadata, await rowJoin(task.join), onDamage);
  let asked = once(port, 'message');
  for await (const part of file as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    await asked;
    asked = once(port, 'message');
    port.postMessage(part, [part.buffer]);
  }
  await asked;
  port.postMessage(null);
}

if (parentPort) await encode(parentPort, workerData as ParquetTask);
