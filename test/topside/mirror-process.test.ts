import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { SmallDisk } from '../faults/small-disk.ts';
import { temporaryFolder } from '../support/server.ts';
import { Command } from './command.ts';
import { textsOf } from './folder.ts';
import { Remote, type RemoteSession } from './remote.ts';

/** The campaign makes many more. */
const KILLS = Number(process.env['QSENSOR_MIRROR_KILLS'] ?? 10);
const ROWS = 600;

let remote: Remote;
let out: string;
let args: string[];

beforeEach(async () => {
  remote = new Remote();
  const base = await remote.start();
  out = await temporaryFolder();
  args = [base.href, '--out', out];
  onTestFinished(() => remote.stop());
});

/** What has a chunk's name is that chunk, and what grows is its beginning, whenever one looks. */
async function expectNothingWrong(session: RemoteSession): Promise<void> {
  for (const [name, bytes] of session.files) {
    const path = join(out, session.id, name);
    if (!existsSync(path)) continue;
    const here = await readFile(path);
    const there = name === 'vehicle.jsonl' ? bytes.subarray(0, here.length) : bytes;
    expect(there.equals(here), name).toBe(true);
  }
}

/** Something to do in every run: an active session that grows, and one that has ended. */
function grow(active: RemoteSession): void {
  for (let count = 0; count < 3; count += 1) active.seal(ROWS);
  active.sealVehicle(ROWS);
  active.record(ROWS);
  active.events.push({ timestamp: active.start, elapsed_s: 1.5, kind: 'x', detail: 'y' });
  const past = remote.add(2, ROWS);
  past.sealVehicle(ROWS);
  past.state = 'complete';
}

test(`killed ${KILLS} times at random moments it ends with the same bytes`, {
  timeout: 20_000 + KILLS * 5000,
}, async () => {
  remote.fileMs = 16;
  const active = remote.add(0);
  grow(active);
  const whole = new Command([...args, '--once']);
  await once(remote.asked, 'asked');
  const begun = performance.now();
  expect(await whole.ended).toBe(0);
  const longest = Math.min(500, performance.now() - begun);
  for (let kill = 0; kill < KILLS; kill += 1) {
    grow(active);
    const command = new Command(args);
    if (kill % 5 > 0) await once(remote.asked, 'asked');
    await sleep(Math.random() * longest);
    await command.kill();
    for (const session of remote.sessions) await expectNothingWrong(session);
  }
  active.seal();
  active.state = 'complete';
  const last = new Command([...args, '--once']);
  expect(await last.ended, last.output).toBe(0);
  for (const session of remote.sessions) {
    const { 'session.csv': joined, ...texts } = await textsOf(join(out, session.id));
    expect(texts).toEqual(session.disk());
    expect(joined?.split('\n')).toHaveLength(session.seq + 2);
  }
  const verify = new Command(['verify', out]);
  expect(await verify.ended, verify.output).toBe(0);
});

test('a second one on a folder says so and leaves', async () => {
  remote.add(1);
  const first = new Command(args);
  await expect.poll(() => first.output).toContain('chunk_00000.jsonl');
  const second = new Command(args);
  expect(await second.ended).toBe(4);
  expect(second.output).toContain(`process ${first.process.pid}`);
  await first.kill();
  expect(await new Command([...args, '--once']).ended).toBe(0);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it with %i, and leaves no lock', async (signal, exitCode) => {
  remote.add(1);
  const command = new Command(args);
  await expect.poll(() => command.output).toContain('chunk_00000.jsonl');
  command.process.kill(signal);
  expect(await command.ended).toBe(exitCode);
  expect(existsSync(join(out, '.qsensor-mirror.lock'))).toBe(false);
});

test('a bad argument is one line, and help is help', async () => {
  const wrong = new Command([...args, '--sinse', '2025']);
  expect(await wrong.ended).toBe(2);
  expect(wrong.output.split('\n')).toHaveLength(2);
  const help = new Command(['--help']);
  expect(await help.ended).toBe(0);
  expect(help.output).toContain('exit codes');
});

test('an address with nothing of the kind at it is one line of its own', async () => {
  const elsewhere = (args[0] ?? '').replace('qsensor', 'another');
  const command = new Command([elsewhere, '--out', out]);
  expect(await command.ended).toBe(3);
  expect(command.output).toContain('record/status: There is no such path. (404)');
  expect(command.output).not.toContain(' at ');
});

test('a disk that is full is one line of its own, and the next run goes on', async () => {
  const session = remote.add(8, 1000);
  session.state = 'complete';
  const disk = await SmallDisk.mount(3);
  await disk.fill();
  await truncate(join(disk.path, 'filler'), 2_500_000);
  const full = new Command([args[0] ?? '', '--out', disk.path, '--once']);
  expect(await full.ended).toBe(5);
  expect(full.output).toContain('its disk is full');
  await disk.makeRoom();
  const again = new Command([args[0] ?? '', '--out', disk.path, '--once']);
  expect(await again.ended, again.output).toBe(0);
  expect(await new Command(['verify', disk.path]).ended).toBe(0);
});

test('a folder that can’t be written is one line of its own', async () => {
  const command = new Command([args[0] ?? '', '--out', '/dev/null/x']);
  expect(await command.ended).toBe(5);
  expect(command.output).toMatch(/^qsensor-mirror: The folder can't be used: [^\n]+\n$/);
});
