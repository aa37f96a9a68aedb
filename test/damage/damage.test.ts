import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Damage } from '../../shared/damage.ts';
import type { SessionSummary } from '../../shared/session.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { Command } from '../topside/command.ts';
import { badSectors } from './bad-sectors.ts';
import { expectedOf, toldOf } from './doors.ts';
import { CSV, KINDS, type Kind, type Left, WHOLE } from './kinds.ts';
import { copyOfSession, recordedSession } from './sessions.ts';

interface Harmed {
  kind: Kind;
  id: string;
  folder: string;
  left: Left;
}

/** A whole session for each kind of damage. */
async function sessionsFor(root: string, kinds: readonly Kind[]): Promise<Harmed[]> {
  const whole = { jsonl: await recordedSession('jsonl'), csv: await recordedSession('csv') };
  const made = kinds.map(async (kind) => {
    const id = randomUUID();
    const folder = await copyOfSession(whole[kind.format ?? 'jsonl'], root, id);
    const chunks = kind.format === 'csv' ? inCsv(WHOLE) : WHOLE;
    return { kind, id, folder, left: { chunks, damage: [], ...(await kind.left(folder)) } };
  });
  return Promise.all(made);
}

const inCsv = (chunks: Record<string, number>) =>
  Object.fromEntries(Object.entries(chunks).map(([name, rows]) => [CSV(name), rows]));

/** Every door tells the same of each of them, and nothing was deleted. */
async function expectTold(server: ServerProcess, sessions: readonly Harmed[]): Promise<void> {
  for (const { kind, id, left } of sessions) {
    expect({ [kind.name]: await toldOf(server, id) }).toEqual({ [kind.name]: expectedOf(left) });
  }
}

/** What is whole arrives, metadata.json there says what is wrong, and the mirror says it too. */
async function expectMirrored(server: ServerProcess, sessions: readonly Harmed[]): Promise<void> {
  const out = await temporaryFolder();
  const mirror = new Command([server.base, '--out', out, '--once', '--join', 'none']);
  expect(await mirror.ended, mirror.output).toBe(0);
  for (const { kind, id, left } of sessions) {
    const names = (await readdir(join(out, id))).filter((name) => name.startsWith('chunk_'));
    const { damage = [] } = JSON.parse(await readFile(join(out, id, 'metadata.json'), 'utf8'));
    const told = (damage as Damage[]).map(({ kind, file }) => [kind, file]);
    const said = mirror.output.includes(`${id} is damaged on the vehicle`);
    expect({ [kind.name]: [names.sort(), told.sort(), said] }).toEqual({
      [kind.name]: [Object.keys(left.chunks), [...left.damage].sort(), left.damage.length > 0],
    });
  }
}

const download = (server: ServerProcess, id: string) =>
  server.call<string>(`/sessions/${id}/export?format=csv`);

test('a session that was damaged before the start is told alike at every door, and what is whole is served', async () => {
  const root = await temporaryFolder();
  const sessions = await sessionsFor(root, KINDS);
  const sectors = [];
  for (const { kind, folder } of sessions) sectors.push((await kind.harm(folder)) ?? []);
  const server = await ServerProcess.start(root, { NODE_OPTIONS: badSectors(sectors.flat()) });
  await untilMended(server, sessions);
  for (const { kind, id } of sessions) if (kind.hidden) await download(server, id);
  await expectTold(server, sessions);
  await expectMirrored(server, sessions);
  await server.stop();

  const after = await filesOf(sessions);
  const next = await ServerProcess.start(root, { NODE_OPTIONS: badSectors(sectors.flat()) });
  await expectTold(next, sessions.slice(-3));
  await next.stop();
  expect(await filesOf(sessions)).toEqual(after);
});

/** What names and sizes tell is found, one session after the other, without anybody asking for it. */
async function untilMended(server: ServerProcess, sessions: readonly Harmed[]): Promise<void> {
  const wanted = sessions.filter(({ kind, left }) => !kind.hidden && left.damage.length > 0);
  await expect
    .poll(async () => {
      const { body } = await server.call<{ sessions: SessionSummary[] }>('/sessions?limit=500');
      const told = new Set(
        body.sessions.filter(({ damage }) => damage).map((one) => one.session_id),
      );
      return wanted.filter(({ id }) => !told.has(id)).map(({ kind }) => kind.name);
    })
    .toEqual([]);
}

/** Names and sizes of what lies in their folders, but for what is made for the page. */
async function filesOf(sessions: readonly Harmed[]): Promise<string[]> {
  const all = sessions.map(async ({ folder, kind }) => {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
    const sizes = names.map(async (name) => (await stat(join(folder, name))).size);
    return `${kind.name}: ${names.join(' ')} ${(await Promise.all(sizes)).join(' ')}`;
  });
  return Promise.all(all);
}

test('a session that is damaged while the service runs is told alike at every door once one has found it', async () => {
  const root = await temporaryFolder();
  const kinds = KINDS.filter(({ name }) => !/sector/.test(name));
  const sessions = await sessionsFor(root, kinds);
  const server = await ServerProcess.start(root);
  for (const { id } of sessions) await server.call(`/sessions/${id}`);
  for (const { kind, folder } of sessions) await kind.harm(folder);
  for (const { id } of sessions) expect(await download(server, id)).toMatchObject({ status: 200 });
  await expectTold(server, sessions);
});
