import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/server.ts';
import { textsOf } from '../../test/topside/folder.ts';
import { Remote, type RemoteSession, rowLine } from '../../test/topside/remote.ts';
import { readOptions } from '../cli/args.ts';
import { mirror } from '../cli/mirror-command.ts';
import type { MirrorOptions } from '../options.ts';

let remote: Remote;
let session: RemoteSession;
let base: URL;
let out: string;

beforeEach(async () => {
  remote = new Remote();
  base = await remote.start();
  out = await temporaryFolder();
  session = remote.add(1, 5);
  onTestFinished(() => remote.stop());
});

function follow() {
  const lines: string[] = [];
  const args = [base.href, '--out', out, '--json', '--session', session.id, '--join', 'none'];
  const options = readOptions(args) as MirrorOptions;
  const stopping = new AbortController();
  const screen = { write: (text: string) => lines.push(text) };
  const ended = mirror(options, screen, stopping.signal).catch((error) => error);
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  onTestFinished(stop);
  return { ended, stop, lines };
}

function text(name: string): Promise<string | null> {
  return readFile(join(out, session.id, name), 'utf8').catch(() => null);
}

function becomes(name: string, expected: string | null): Promise<void> {
  return expect.poll(() => text(name), { timeout: 8000 }).toBe(expected);
}

function rows(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, place) => rowLine(from + place)).join('');
}

describe('while a session is recorded', () => {
  test('its rows are here before their chunk, and go when the chunk comes', async () => {
    session.record(3);
    const { ended } = follow();
    await becomes('tail.jsonl', rows(5, 8));
    session.record(2);
    await becomes('tail.jsonl', rows(5, 10));
    session.seal(0);
    await becomes('tail.jsonl', null);
    session.record(4);
    await becomes('tail.jsonl', rows(10, 14));
    session.seal(1);
    session.state = 'complete';
    expect(await ended).toBe(0);
    expect(await textsOf(join(out, session.id))).toEqual(session.disk());
  });

  test('rows outlive the vehicle, and are taken up again without one twice', async () => {
    session.record(3);
    const { stop } = follow();
    await becomes('tail.jsonl', rows(5, 8));
    await stop();
    await appendFile(join(out, session.id, 'tail.jsonl'), '{"timestamp":"2025-1');
    session.record(2);
    follow();
    await becomes('tail.jsonl', rows(5, 10));
  });

  test('rows behind a lost connection follow on the next one', async () => {
    session.record(1);
    follow();
    await becomes('tail.jsonl', rows(5, 6));
    await remote.stop();
    session.record(3);
    remote = new Remote();
    remote.sessions.push(session);
    await remote.start(Number(base.port));
    await becomes('tail.jsonl', rows(5, 9));
  });
});

test('what an earlier run left is settled when the session has ended meanwhile', async () => {
  session.seal(4);
  session.state = 'complete';
  await mkdir(join(out, session.id));
  await writeFile(join(out, session.id, 'tail.jsonl'), rows(3, 9));
  expect(await follow().ended).toBe(0);
  expect(await textsOf(join(out, session.id))).toEqual(session.disk());
});

test('a vehicle that can’t do it is mirrored by its chunks', async () => {
  remote.canTail = false;
  const { ended, lines } = follow();
  await expect.poll(() => lines.join(''), { timeout: 5000 }).toContain('be followed');
  session.seal(1);
  session.state = 'complete';
  expect(await ended).toBe(0);
  expect(await textsOf(join(out, session.id))).toEqual(session.disk());
});
