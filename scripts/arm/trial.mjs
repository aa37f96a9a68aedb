// One recording by the service on another kind of machine, from a sensor on a pseudo-terminal.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const RECORDED_S = 30;
/** 500 Hz / 5: the device is some 3 % slower than 100 Hz. */
const SENSOR = 'rate=500,averaging=5,baud=115200';
const BAUD = '115200';
const LEAST_ROWS = RECORDED_S * 90;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Identify, record, Parquet, SIGTERM; gives what is not as it should be, in words. */
export async function trial(command) {
  const folder = mkdtempSync(join(tmpdir(), 'arm-'));
  const sensor = await started(
    process.execPath,
    ['dist/server/simulator/main.js', SENSOR],
    /(\S+)$/,
  );
  const [program, ...args] = command;
  const env = {
    ...{ SERIAL_PORT: sensor.told, SERIAL_BAUD: BAUD, CHUNK_RECORDING_PATH: folder },
    ...{ API_PORT: '0', API_HOST: '127.0.0.1', MAVLINK2REST_URL: 'off' },
  };
  const service = await started(program, [...args, 'dist/server/main.js'], /"port":(\d+)/, env);
  try {
    return await recorded(service, `http://127.0.0.1:${service.told}`, folder);
  } finally {
    service.child.kill('SIGKILL');
    sensor.child.kill();
    rmSync(folder, { recursive: true });
  }
}

/** Resolves with the group of the first line that the pattern finds. */
async function started(program, args, pattern, env = {}) {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const told = pattern.exec(line)?.[1];
    if (told === undefined) continue;
    child.stdout.resume();
    return { child, told };
  }
  throw new Error(`${args.join(' ')} ended without saying where it is`);
}

async function recorded({ child }, base, folder) {
  const { session_id: id } = await call(`${base}/record/start`, { chunk_interval_s: 5 });
  const { sensor_id } = await call(`${base}/instrument/health`);
  await pause(RECORDED_S);
  const stopped = await call(`${base}/record/stop`, { session_id: id });
  const parquet = await fetch(`${base}/sessions/${id}/export?format=parquet`);
  const bytes = Buffer.from(await parquet.arrayBuffer());
  const { events } = await call(`${base}/sessions/${id}`);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  const rows = stopped.total_rows;
  console.log(
    `  sensor ${sensor_id}: ${rows} rows, Parquet of ${bytes.length} bytes, exit code ${code}`,
  );
  return [
    rows < LEAST_ROWS && `only ${rows} rows`,
    missing(join(folder, id), rows),
    gaps(events),
    bytes.subarray(-4).toString() !== 'PAR1' && 'the Parquet file has no end',
    Number(parquet.headers.get('x-row-count')) !== rows && 'the Parquet file has other rows',
    code !== 0 && `SIGTERM ended it with ${code}`,
  ].filter(Boolean);
}

/** Every number from 0 on, once, in the order of the chunks. */
function missing(folder, rows) {
  const names = readdirSync(folder).filter((name) => /^chunk_\d+\.jsonl$/.test(name));
  const lines = names
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  const wrong = lines.findIndex((line, at) => JSON.parse(line).seq !== at);
  if (wrong >= 0) return `row ${wrong} is another one`;
  const isUnfinished = readdirSync(folder).some((name) => name.endsWith('.part'));
  return lines.length !== rows || isUnfinished ? `${lines.length} rows are on the disk` : false;
}

const HARMLESS = ['recording_started', 'recording_stopped'];

/** Under qemu the process may be held up for a moment: what waited is on the disk, and that is told. */
function gaps(events) {
  const odd = events.filter(
    ({ kind, missing_readings }) => !HARMLESS.includes(kind) && missing_readings !== 0,
  );
  return odd.length > 0 && odd.map(({ kind, detail }) => `${kind}: ${detail}`).join('; ');
}

async function call(url, body) {
  const headers = { 'Content-Type': 'application/json' };
  const init = body && { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(url, init);
  const reply = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${reply.detail}`);
  return reply;
}
