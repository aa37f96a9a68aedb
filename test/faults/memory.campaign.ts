import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { preload } from './preload.ts';
import { eventsOf, moreRows, recordStatus, soundRows, startRecording } from './recorded.ts';

const TIMES = Number(process.env['QSENSOR_FAULT_TIMES'] ?? 1);
const HERTZ = 500;

/** Objects until V8 gives up: it aborts the process. */
const HEAP = `--max-old-space-size=64 ${preload(
  'const kept = [];',
  'setInterval(() => kept.push(Array.from({ length: 2e5 }, (_, i) => ({ i }))), 1);',
)}`;
/** Buffers until the system gives no more. */
const BUFFERS = preload(
  'const kept = [];',
  'setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 1);',
);

/** The process gets this much more address space, and not a byte beyond. */
async function limitMemory({ child }: ServerProcess, moreMb: number): Promise<void> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const bytes = Number(/VmSize:\s+(\d+)/.exec(status)?.[1]) * 1024 + moreMb * 1e6;
  execFileSync('prlimit', ['--pid', `${child.pid}`, `--as=${bytes}`]);
}

/** Rows that it said it had, the last time that it answered. */
async function lastTold(server: ServerProcess, ended: Promise<unknown>): Promise<number> {
  let told = 0;
  const asking = new AbortController();
  void ended.then(() => asking.abort());
  while (!asking.signal.aborted) {
    const status = await fetch(`${server.base}/record/status`, { signal: asking.signal })
      .then((answer) => answer.json() as Promise<{ total_rows: number }>)
      .catch(() => null);
    told = Math.max(told, status?.total_rows ?? 0);
  }
  return told;
}

test.each([
  ['its heap', HEAP, null],
  ['what the system gives it', BUFFERS, 100],
] as const)(
  'a service that runs out of %s loses less than a second of what it took, and goes on',
  async (what, options, limitMb) => {
    const sensor = await NumberedSensor.start(HERTZ);
    const folder = await temporaryFolder();
    const env = { ...sensor.env, NODE_OPTIONS: options };
    let server = await ServerProcess.start(folder, env);
    const session = await startRecording(server, 1);
    const moments: { told: number; how: string; next: number }[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      await moreRows(server, 700);
      if (limitMb !== null) await limitMemory(server, limitMb);
      const ended = once(server.child, 'exit');
      server.child.kill('SIGUSR2');
      const told = await lastTold(server, ended);
      const how = String(await ended);
      server = await ServerProcess.start(folder, env);
      moments.push({ told, how, next: await nextSeq(session.storage_path, time + 1) });
    }
    expect(await recordStatus(server)).toMatchObject({ session_id: session.session_id });
    await server.post('/record/stop', { session_id: session.session_id });
    await soundRows(session.storage_path);
    const lost = moments.map(({ told, next }) => Math.max(0, told - next));
    const ways = [...new Set(moments.map(({ how }) => how))].join(' or ');
    console.log(`Out of ${what}: ended with ${ways}; rows lost ${lost.join(', ')}`);
    expect(moments.every(({ how }) => how !== '0,')).toBe(true);
    expect(Math.max(...lost)).toBeLessThanOrEqual(HERTZ);
  },
  60_000 + TIMES * 20_000,
);

/** Where the session went on after so many restarts. */
async function nextSeq(folder: string, restarts: number): Promise<number> {
  const resumed = async () =>
    (await eventsOf(folder)).filter(({ kind }) => kind === 'recording_resumed');
  await expect.poll(async () => (await resumed()).length).toBe(restarts);
  return Number((await resumed()).at(-1)?.['next_seq']);
}
