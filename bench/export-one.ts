import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sessionZip } from '../server/export/archive/zip.ts';
import { sessionCsv } from '../server/export/csv.ts';
import { sessionJsonl } from '../server/export/jsonl.ts';
import { parquetInThread } from '../server/export/parquet/parquet-thread.ts';
import type { JoinSource } from '../server/export/row-join.ts';

export const START_TIME = '2025-11-12T14:30:45.000000Z';

function refuse(detail: string): never {
  throw new Error(detail);
}

/** What one export took, in a process of its own. */
export interface Measured {
  seconds: number;
  megabytes: number;
  peakRssMb: number;
  longestStallMs: number;
}

export const SUBJECTS = {
  read: files,
  CSV: sessionCsv,
  Parquet: (paths: string[]) =>
    parquetInThread(
      { names: paths.map((path) => basename(path)).join('/'), metadata: {}, join: noJoin(paths) },
      refuse,
    ),
  ZIP: (paths: string[]) =>
    sessionZip('session', [paths.map((path, index) => ({ name: `chunk_${index}.jsonl`, path }))]),
  'JSON lines': sessionJsonl,
} satisfies Record<string, (paths: string[]) => AsyncIterable<Uint8Array>>;

export type Subject = keyof typeof SUBJECTS;

/** A session without a vehicle and without markers: nothing is joined. */
function noJoin([first = '']: string[]): JoinSource {
  return { folder: dirname(first), startTime: START_TIME, byWallClock: false, events: [] };
}

async function* files(paths: string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path);
}

/** Keeps the longest time for which nothing else could run. */
function watchStalls(): () => number {
  let longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(look);
  };
  let next = setImmediate(look);
  return () => {
    clearImmediate(next);
    return longest;
  };
}

async function measure(subject: Subject, folder: string): Promise<Measured> {
  const paths = (await readdir(folder)).sort().map((name) => join(folder, name));
  const longestStall = watchStalls();
  const begin = performance.now();
  let bytes = 0;
  for await (const part of SUBJECTS[subject](paths)) bytes += part.length;
  return {
    seconds: (performance.now() - begin) / 1000,
    megabytes: bytes / 1e6,
    peakRssMb: process.resourceUsage().maxRSS / 1e3,
    longestStallMs: longestStall(),
  };
}

const [, , subject, folder] = process.argv;
if (process.send && subject && folder && subject in SUBJECTS) {
  process.send(await measure(subject as Subject, folder));
}
