import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere } from '../server/files/read-text.ts';
import { sessionIds } from '../server/format/session-ids.ts';
import type { Figure } from './figure.ts';
import { longSession } from './long-session.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';
import { type Strain, watchedService } from './watched-service.ts';

/** A day of chunks of 1 s, and as many sessions as a busy vehicle collects in years. */
const CHUNKS = Number(process.env['BENCH_BOUNDS_CHUNKS'] ?? 86_400);
const SESSIONS = Number(process.env['BENCH_BOUNDS_SESSIONS'] ?? 5000);
const SHORT_CHUNKS = 4;
/** Only what has this in its name is measured. */
const ONLY = process.env['BENCH_BOUNDS_ONLY'] ?? '';
/** Data that is kept from one run to the next. */
const KEPT = process.env['BENCH_BOUNDS_DATA'];
const RECORDER = 'rate=250,averaging=16';

/** What is asked of a session, as if nobody had asked before. */
const OF_SESSION = {
  snapshots: (id: string) => `/record/snapshots?session_id=${id}`,
  'snapshots?after_index': (id: string) =>
    `/record/snapshots?session_id=${id}&after_index=${CHUNKS - 3}`,
  '/files/{chunk}': (id: string) => `/files/${id}/chunk_00007.jsonl`,
  '/sessions/{id}': (id: string) => `/sessions/${id}`,
  preview: (id: string) => `/sessions/${id}/preview`,
  profile: (id: string) => `/sessions/${id}/profile`,
  annotations: (id: string) => `/sessions/${id}/annotations`,
  report: (id: string) => `/sessions/${id}/report`,
  'report.json': (id: string) => `/sessions/${id}/report.json`,
  'export csv': (id: string) => `/sessions/${id}/export?format=csv`,
  'export jsonl': (id: string) => `/sessions/${id}/export?format=jsonl`,
  'export zip': (id: string) => `/sessions/${id}/export?format=zip`,
  'export zip, stored': (id: string) => `/sessions/${id}/export?format=zip&compress=false`,
  'export parquet': (id: string) => `/sessions/${id}/export?format=parquet`,
  'export geojson': (id: string) => `/sessions/${id}/export?format=geojson`,
} as const;

/** For how long what a session can be asked for holds up a service that records, and what memory it takes. */
export function run(): Promise<Figure[]> {
  const work = async (root: string) => {
    const simulator = await startSimulator(RECORDER);
    try {
      const long = await ofLongSession(join(root, 'long'), simulator.environment);
      return [...long, ...(await ofManySessions(join(root, 'many'), simulator.environment))];
    } finally {
      await simulator.stop();
    }
  };
  return KEPT ? work(KEPT) : inFolder('bounds', work);
}

const isWanted = (name: string) => name.includes(ONLY);

async function ofLongSession(root: string, environment: Record<string, string>) {
  const conditions = `a session of ${CHUNKS} chunks of 1 s, each call the first of a process, one reading in 64 ms recorded beside it`;
  const id = (await readIfThere(`${root}-id`)) ?? (await longSession(root, CHUNKS));
  await writeFile(`${root}-id`, id);
  const all: Figure[] = [];
  const measure = async (name: string, path: string | null, method = 'GET') => {
    if (!isWanted(name)) return;
    await asIfNew(root, id);
    const watched = await watchedService(root, environment);
    await utimes(join(root, id), new Date(), new Date());
    const strain = path === null ? watched.started : await watched.fetched(path, method);
    await watched.stop();
    all.push(...figures(name, strain, conditions));
  };
  await measure('start', null);
  await measure('/sessions', '/sessions');
  for (const [name, path] of Object.entries(OF_SESSION)) await measure(name, path(id));
  if (isWanted('DELETE')) {
    await measure('DELETE', `/sessions/${id}`, 'DELETE');
    await rm(`${root}-id`);
  }
  return all;
}

/** Neither what was recorded beside it before, nor what was made of it, is there. */
async function asIfNew(root: string, id: string): Promise<void> {
  for (const other of await sessionIds(root)) {
    if (other !== id) await rm(join(root, other), { recursive: true });
  }
  const made = (await readdir(join(root, id))).filter((name) => name.startsWith('.'));
  for (const name of made) await rm(join(root, id, name));
}

async function ofManySessions(root: string, environment: Record<string, string>) {
  if (!isWanted('many')) return [];
  const conditions = `${SESSIONS} sessions of ${SHORT_CHUNKS} chunks, one reading in 64 ms recorded beside it`;
  await manySessions(root);
  const id = (await sessionIds(root))[0];
  const all: Figure[] = [];
  const watched = await watchedService(root, environment);
  const measure = async (name: string, path: string, method = 'GET') =>
    void all.push(...figures(`many: ${name}`, await watched.fetched(path, method), conditions));
  all.push(...figures('many: start', watched.started, conditions));
  await measure('/sessions', '/sessions');
  await measure(
    '/sessions, last page',
    `/sessions?offset=${Math.max(0, SESSIONS - 500)}&limit=500`,
  );
  await measure('snapshots', `/record/snapshots?session_id=${id}`);
  await measure('DELETE', `/sessions/${id}`, 'DELETE');
  await watched.stop();
  return all;
}

async function manySessions(root: string): Promise<void> {
  const missing = SESSIONS - (await sessionIds(root)).length;
  for (let made = 0; made < missing; made += 1) await longSession(root, SHORT_CHUNKS);
}

function figures(name: string, strain: Strain, conditions: string): Figure[] {
  const { seconds, stallMs, healthMs, readingMs, memoryMb } = strain;
  const figure = (what: string, value: number, unit: string) => ({
    ...{ name: `${name}: ${what}`, value, unit, conditions },
  });
  return [
    figure('time', seconds, 's'),
    figure('longest stall', stallMs, 'ms'),
    figure('longest wait for /health', healthMs, 'ms'),
    figure('longest wait for a reading', readingMs, 'ms'),
    figure('memory above before', memoryMb, 'MB'),
  ];
}
