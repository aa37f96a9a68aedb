// The main job, to look at: a simulated sensor at 15 Hz on a vehicle that dives to 18 m and comes
// up again every 3.6 minutes, recorded in chunks of 15 s.
// Works as any client would, through the HTTP API.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

const env = {
  SERIAL_PORT: 'sim:dive=1,rate=125,averaging=8,units=umol/(m2 s)',
  // Beside the light of a real sensor there must be no made-up depth.
  ...(process.env.SERIAL_PORT ? {} : { MAVLINK2REST_URL: 'sim:' }),
  CHUNK_RECORDING_PATH: resolve('demo-data'),
  LOG_LEVEL: 'WARNING',
  ...process.env,
};
const port = Number(env.API_PORT ?? 9150);
const base = `http://127.0.0.1:${port}`;
const CHUNK_INTERVAL_S = 15;
const POLL_MS = 500;

/** Else another service would be taken for this one. */
async function needFreePort() {
  const probe = createServer().listen(port);
  await once(probe, 'listening').catch(() => {
    console.error(
      `Port ${port} is taken by another program. Take another: API_PORT=9160 npm run demo`,
    );
    process.exit(1);
  });
  probe.close();
  await once(probe, 'close');
}

await needFreePort();
const server = spawn(process.execPath, ['dist/server/main.js'], { env, stdio: 'inherit' });
server.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));

const pause = () => new Promise((done) => setTimeout(done, POLL_MS));

async function call(path, body) {
  const options = body && {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${base}${path}`, options);
  const reply = await response.json();
  if (!response.ok) throw new Error(`${path}: ${reply.detail}`);
  return reply;
}

/** A connection that is refused means: not up yet. */
async function untilUp() {
  for (;;) {
    const up = await call('/health').catch((error) => {
      if (error.cause?.code === 'ECONNREFUSED') return null;
      throw error;
    });
    if (up) return;
    await pause();
  }
}

async function record() {
  const { is_recording, session_id } = await call('/record/status');
  if (is_recording) {
    console.log(`The recording of the last time goes on: session ${session_id}`);
    return session_id;
  }
  const metadata = { mission: 'Demo' };
  const started = await call('/record/start', { chunk_interval_s: CHUNK_INTERVAL_S, metadata });
  console.log(`Recording session ${started.session_id} into ${started.storage_path}`);
  return started.session_id;
}

async function follow(session) {
  let next = 0;
  for (;;) {
    const { chunks } = await call(
      `/record/snapshots?session_id=${session}&after_index=${next - 1}`,
    );
    for (const chunk of chunks) {
      console.log(
        `sealed ${chunk.filename}  ${chunk.row_count} rows  ${chunk.size_bytes} bytes  sha256 ${chunk.sha256}`,
      );
      next = chunk.index + 1;
    }
    await pause();
  }
}

await untilUp();
console.log(`\nThe page: ${base}/   The API: ${base}/docs   (Ctrl-C ends it)\n`);
await follow(await record());
