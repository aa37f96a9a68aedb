// A soak of the built server that judges: exit code 1 when memory, handles or timers are not flat.
//   node test/faults/soak.mjs            30 real minutes at 500 Hz; --minutes says otherwise
//   node test/faults/soak.mjs --speed 120 --hours 24    24 h at 4 Hz, in 12 minutes
// A simulated sensor is recorded; the samples are printed as JSON lines, then the verdict.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { judge } from './soak-verdict.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    hours: { type: 'string' },
    speed: { type: 'string', default: '1' },
  },
});
const speed = Number(values.speed);
const minutes = values.hours ? (Number(values.hours) * 60) / speed : Number(values.minutes);
const SAMPLES = Math.max(20, Math.min(60, Math.floor(minutes)));
/** At speed, readings come speed times as often: 4 Hz are then more than 500 Hz are in real time. */
const SENSOR = speed > 1 ? 'rate=125,averaging=31' : 'rate=500,averaging=1,temperature=0,voltage=0';

const preload = (name) => ['--import', resolve('test/faults', name)];
const folder = mkdtempSync(join(tmpdir(), 'qsensor-soak-'));
const server = spawn(
  process.execPath,
  [
    '--max-semi-space-size=1',
    ...(speed > 1 ? preload('soak-clock.mjs') : []),
    ...preload('soak-probe.mjs'),
    'dist/server/main.js',
  ],
  {
    env: {
      ...process.env,
      QSENSOR_SOAK_SPEED: values.speed,
      SERIAL_PORT: `sim:${SENSOR},baud=115200`,
      SERIAL_BAUD: '115200',
      API_HOST: '127.0.0.1',
      API_PORT: '0',
      CHUNK_RECORDING_PATH: folder,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  },
);

async function listening() {
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /^INFO: Listening .*"port":(\d+)/.exec(line)?.[1];
    if (port) return Number(port);
  }
  throw new Error('the server ended before it listened');
}

/** What the kernel and the process itself know of it. */
async function resources() {
  server.send('sample');
  const [own] = await once(server, 'message');
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const rss_mb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  const threads = Number(/Threads:\s+(\d+)/.exec(status)?.[1]);
  const handles = readdirSync(`/proc/${server.pid}/fd`).length;
  return { rss_mb, ...own, handles, threads };
}

async function soak(base) {
  const samples = [];
  for (let number = 1; number <= SAMPLES; number += 1) {
    await after((minutes * 60_000) / SAMPLES);
    const { total_rows, chunk_count, elapsed_time_s, state } = await (
      await fetch(`${base}/record/status`)
    ).json();
    samples.push({
      hours: elapsed_time_s / 3600,
      total_rows,
      chunk_count,
      state,
      ...(await resources()),
    });
    console.log(
      JSON.stringify(samples.at(-1), (_, value) =>
        typeof value === 'number' ? Math.round(value * 100) / 100 : value,
      ),
    );
  }
  return samples;
}

try {
  const base = `http://127.0.0.1:${await listening()}`;
  server.stdout.resume();
  const { status } = await fetch(`${base}/record/start`, { method: 'POST' });
  if (status !== 200) throw new Error(`the recording did not start: ${status}`);
  const findings = judge(await soak(base));
  console.log(findings.length === 0 ? 'Flat.' : findings.join('\n'));
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  server.kill();
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
