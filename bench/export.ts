import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Previews } from '../server/export/plots/preview.ts';
import { Chunks } from '../server/format/chunks.ts';
import { rowPrefix } from '../shared/row.ts';
import { type Measured, START_TIME, type Subject } from './export-one.ts';
import type { Figure } from './figure.ts';
import { chunkName, chunkOf } from './past-session.ts';

const CHUNKS = 100;
const ROWS_PER_CHUNK = 10_000;
const ROWS = CHUNKS * ROWS_PER_CHUNK;
const RATE_HZ = 485;
const RUNS = 3;
const CONDITIONS = `${CHUNKS} chunks of ${ROWS_PER_CHUNK} rows, new process, median of ${RUNS}`;
const FORMATS = ['CSV', 'Parquet', 'ZIP', 'JSON lines'] as const;

/** A session of 1 million rows as CSV, Parquet, ZIP and JSON lines, against reading its files. */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-export-'));
  try {
    for (let index = 0; index < CHUNKS; index += 1) {
      await writeFile(join(folder, chunkName(index)), chunkText(index));
    }
    const read = await median('read', folder);
    const figures = [figure('reading the files', read.seconds, 's')];
    for (const format of FORMATS) {
      figures.push(...exportFigures(format, await median(format, folder), read));
    }
    return [...figures, ...(await previewFigures(folder))];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function chunkText(index: number): string {
  const first = index * ROWS_PER_CHUNK;
  return Array.from({ length: ROWS_PER_CHUNK }, (_, at) => rowText(first + at)).join('');
}

/** Steps of temperature and voltage are those of the device's converter. */
function rowText(seq: number): string {
  const mono = seq / RATE_HZ;
  const prefix = rowPrefix({
    wallMicros: Date.parse(START_TIME) * 1000 + Math.floor(mono * 1e6),
    mono,
    sensorId: 'QSR-2150-0123',
    mode: 'freerun',
    value: (0.01 + Math.random() * 0.001).toFixed(6),
    temperature: (26 + 0.41 * (seq % 3)).toFixed(2),
    voltage: (7.473 + 0.021 * (seq % 4)).toFixed(3),
  });
  return `${prefix},"seq":${seq},"elapsed_s":${mono.toFixed(6)}}\n`;
}

/** Of several runs, the one with the median time. */
async function median(subject: Subject, folder: string): Promise<Measured> {
  const first = await measured(subject, folder);
  const all = [first];
  while (all.length < RUNS) all.push(await measured(subject, folder));
  all.sort((a, b) => a.seconds - b.seconds);
  return all[Math.floor(RUNS / 2)] ?? first;
}

/** Each in a process of its own, so that memory is its own too. */
async function measured(subject: Subject, folder: string): Promise<Measured> {
  const module = new URL(`./export-one${extname(import.meta.url)}`, import.meta.url);
  const child = fork(fileURLToPath(module), [subject, folder]);
  const [[message]] = await Promise.all([once(child, 'message'), once(child, 'exit')]);
  return message;
}

function exportFigures(format: string, done: Measured, read: Measured): Figure[] {
  return [
    {
      ...figure(`${format}: 1 million rows`, done.seconds, 's'),
      comparedWith: 'reading the files',
      ratio: done.seconds / read.seconds,
    },
    figure(`${format}: rows`, ROWS / done.seconds, 'rows/s'),
    figure(`${format}: size`, done.megabytes, 'MB'),
    {
      ...figure(`${format}: peak resident memory`, done.peakRssMb, 'MB'),
      comparedWith: 'reading the files',
      ratio: done.peakRssMb / read.peakRssMb,
    },
    figure(`${format}: longest stall of the event loop`, done.longestStallMs, 'ms'),
  ];
}

async function previewFigures(folder: string): Promise<Figure[]> {
  const previews = new Previews((detail, error) => {
    throw new Error(detail, { cause: error });
  });
  const session = { sessionId: 'bench', folder, startTime: START_TIME };
  const chunks = new Chunks();
  for (let index = 0; index < CHUNKS; index += 1) chunks.add(chunkOf(index, 1));
  const milliseconds = async () => {
    const begin = performance.now();
    await previews.preview(session, chunks, 600);
    return performance.now() - begin;
  };
  const first = await milliseconds();
  const later: number[] = [];
  while (later.length < 50) later.push(await milliseconds());
  later.sort((a, b) => a - b);
  return [
    figure('preview of 600 points: first time', first / 1000, 's'),
    figure('preview of 600 points: from then on', later[25] ?? Number.NaN, 'ms'),
  ];
}

function figure(name: string, value: number, unit: string): Figure {
  return { name, value, unit, conditions: CONDITIONS };
}
