import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildah, buildahArgs, FOLDER, IMAGE } from './tools.mjs';

const DATA = join(FOLDER, 'data');
const PORT = process.env.QSENSOR_IMAGE_PORT ?? '9150';
const BASE = `http://127.0.0.1:${PORT}`;
const ROWS = 100;

/** Records from a sensor on a pseudo-terminal through the bound /dev, as on a vehicle, and stops. */
export async function trial(config) {
  rmSync(DATA, { recursive: true, force: true });
  mkdirSync(DATA, { recursive: true });
  const sensor = await startSensor();
  const container = buildah('from', '--pull=never', IMAGE).trim();
  try {
    return await record(container, config, sensor.path);
  } finally {
    sensor.child.kill();
    buildah('rm', container);
  }
}

async function startSensor() {
  const args = ['dist/server/simulator/main.js', 'rate=125,averaging=8'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, path: line.split(' ').at(-1) };
}

async function record(container, config, path) {
  const service = inside(container, path, config.Cmd);
  const ended = once(service, 'exit');
  try {
    await until(async () => (await call('/health')).status === 'online');
    await healthcheck(container, config);
    const { session_id } = await call('/record/start', { chunk_interval_s: 1 });
    await until(async () => (await call('/record/status')).total_rows > ROWS);
    process.kill(nodeBelow(service.pid), 'SIGTERM');
    const [code] = await ended;
    return { code, ...left(session_id) };
  } finally {
    if (service.exitCode === null) service.kill();
  }
}

/** The container's network is this machine's. */
function inside(container, path, command) {
  const binds = ['--volume', '/dev:/dev', '--volume', `${DATA}:/data`];
  const env = [
    '--env',
    `SERIAL_PORT=${path}`,
    '--env',
    `API_PORT=${PORT}`,
    '--env',
    'API_HOST=127.0.0.1',
  ];
  const args = ['run', '--isolation', 'chroot', ...binds, ...env, container, '--', ...command];
  return spawn('buildah', buildahArgs(args), { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function healthcheck(container, { Healthcheck }) {
  const [, ...command] = Healthcheck.Test;
  const [code] = await once(inside(container, '', command), 'exit');
  if (code !== 0) throw new Error(`HEALTHCHECK ended with ${code} while the service was up`);
}

/** docker stop signals the first process in the container; here buildah stands before it. */
function nodeBelow(parent) {
  for (const pid of childrenOf(parent)) {
    const [program] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (basename(program) === 'node') return pid;
    const below = nodeBelow(pid);
    if (below !== null) return below;
  }
  return null;
}

function childrenOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const lists = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/children`, 'utf8'));
  return lists
    .flatMap((text) => text.split(' '))
    .filter(Boolean)
    .map(Number);
}

/** What lies in the bound folder: nothing unfinished, and every row in a sealed chunk. */
function left(session) {
  const folder = join(DATA, 'qsensor_recordings', session);
  const lines = readFileSync(join(folder, 'manifest.jsonl'), 'utf8').trim().split('\n');
  const chunks = lines.map((line) => JSON.parse(line));
  return {
    chunks: chunks.length,
    rows: chunks.reduce((sum, { row_count }) => sum + row_count, 0),
    unfinished: readdirSync(folder).filter((name) => name.endsWith('.part')),
  };
}

async function call(path, body) {
  const json = { 'Content-Type': 'application/json' };
  const init = body ? { method: 'POST', headers: json, body: JSON.stringify(body) } : {};
  const response = await fetch(BASE + path, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Waits up to a minute; until it listens, a refused connection is no failure. */
async function until(condition) {
  for (let tries = 0; tries < 300; tries++) {
    if (await condition().catch((error) => refused(error))) return;
    await new Promise((next) => setTimeout(next, 200));
  }
  throw new Error('the container did not come so far in a minute');
}

function refused(error) {
  if (error.cause?.code === 'ECONNREFUSED') return false;
  throw error;
}
