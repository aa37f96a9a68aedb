// A soak of the built server: `node test/faults/soak.mjs [minutes]`. A simulated sensor at 500 Hz is
// recorded; memory, handles and threads of the server are printed once a minute as JSON lines.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';

const minutes = Number(process.argv[2] ?? 30);
const folder = mkdtempSync(join(tmpdir(), 'qsensor-soak-'));
const server = spawn(process.execPath, ['dist/server/main.js'], {
  env: {
    ...process.env,
    SERIAL_PORT: 'sim:rate=500,averaging=1,baud=115200,temperature=0,voltage=0',
    SERIAL_BAUD: '115200',
    API_HOST: '127.0.0.1',
    API_PORT: '0',
    CHUNK_RECORDING_PATH: folder,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});

async function listening() {
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('"Listening"')) return JSON.parse(line).port;
  }
  throw new Error('the server ended before it listened');
}

/** What the kernel knows of the server's process. */
function resources() {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  const threads = Number(/Threads:\s+(\d+)/.exec(status)?.[1]);
  const handles = readdirSync(`/proc/${server.pid}/fd`).length;
  return { rss_mb: Math.round(kilobytes / 1024), handles, threads };
}

try {
  const base = `http://127.0.0.1:${await listening()}`;
  server.stdout.resume();
  await fetch(`${base}/record/start`, { method: 'POST' });
  for (let minute = 1; minute <= minutes; minute += 1) {
    await after(60_000);
    const { total_rows, chunk_count, state } = await (await fetch(`${base}/record/status`)).json();
    console.log(JSON.stringify({ minute, total_rows, chunk_count, state, ...resources() }));
  }
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
