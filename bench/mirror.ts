import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sessionRoutes } from '../shared/api/sessions.ts';
import type { Figure } from './figure.ts';
import { chunkName } from './past-session.ts';
import { startService } from './service.ts';
import { inFolder } from './temporary.ts';

const execute = promisify(execFile);

const RUNS = 3;
const CASES = [
  { name: '1440 chunks of 125 kB', chunks: 1440, rows: 755 },
  { name: '30 chunks of 5 MB', chunks: 30, rows: 30_000 },
] as const;

/** Mirroring a session over loopback, against curl and sha256sum in a loop (which sync nothing). */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, chunks, rows } of CASES) {
    figures.push(...(await inFolder('mirror', (folder) => compared(folder, name, chunks, rows))));
  }
  return figures;
}

async function compared(folder: string, name: string, chunks: number, rows: number) {
  const id = randomUUID();
  const megabytes = (await layDown(join(folder, 'vehicle', id), chunks, rows)) / 1e6;
  const service = await startService(join(folder, 'vehicle'), { SERIAL_PORT: 'sim:' });
  const { base } = service;
  try {
    await recovered(base);
    const mirrored = await median(() => mirror(base, join(folder, 'mirror')));
    const curled = await median(() => curlLoop(base, id, chunks, join(folder, 'curl')));
    const conditions = `${chunks} chunks, ${megabytes.toFixed(0)} MB, loopback, median of ${RUNS}`;
    const figure = (what: string, seconds: number) => ({
      ...{ name: `${what}, ${name}`, value: megabytes / seconds, unit: 'MB/s', conditions },
    });
    const comparedWith = 'curl and sha256sum in a loop';
    const ratio = curled / mirrored;
    return [
      figure('curl and sha256sum in a loop', curled),
      { ...figure('qsensor-mirror', mirrored), comparedWith, ratio },
    ];
  } finally {
    await service.kill();
  }
}

/** The server makes manifest and metadata of the chunks that it finds. Resolves with their bytes. */
async function layDown(folder: string, chunks: number, rows: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  for (let index = 0; index < chunks; index += 1) {
    const text = Array.from({ length: rows }, (_, at) => rowLine(index * rows + at)).join('');
    await writeFile(join(folder, chunkName(index)), text);
    bytes += text.length;
  }
  return bytes;
}

function rowLine(seq: number): string {
  const time = new Date(Date.UTC(2025, 10, 12) + seq * 2).toISOString().replace('Z', '000Z');
  return (
    `{"timestamp":"${time}","sensor_id":"QSR-2150-0123","mode":"freerun",` +
    `"value":${(0.01 + Math.random() * 0.001).toFixed(6)},"TempC":26.41,"Vin":7.494,` +
    `"seq":${seq},"elapsed_s":${(seq / 500).toFixed(6)}}\n`
  );
}

/** Chunks that no manifest lists are read once before they are served. */
async function recovered(base: string): Promise<void> {
  for (;;) {
    const reply = await (await fetch(`${base}/sessions`)).json();
    const { sessions } = sessionRoutes.sessions.reply.parse(reply);
    if (sessions[0]?.state === 'failed' && sessions[0].chunk_count > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function median(work: () => Promise<void>): Promise<number> {
  const all: number[] = [];
  while (all.length < RUNS) {
    const begun = performance.now();
    await work();
    all.push((performance.now() - begun) / 1000);
  }
  return all.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

async function mirror(base: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const args = ['dist/topside/main.js', base, '--out', out, '--once', '--join', 'none'];
  await execute(process.execPath, args);
}

const LOOP = 'for name in "$@"; do curl -sf -o "$name" "$BASE/$name"; sha256sum "$name"; done';

async function curlLoop(base: string, id: string, chunks: number, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
  const names = Array.from({ length: chunks }, (_, index) => chunkName(index));
  const env = { ...process.env, BASE: `${base}/files/${id}` };
  await execute('bash', ['-ec', LOOP, 'loop', ...names], { cwd: out, env });
}
