import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/server.ts';
import { RemoteSession } from '../../test/topside/remote.ts';
import { verifyCommand } from '../cli/verify-command.ts';
import { csvOf } from './joined-csv.ts';

let folder: string;
let session: RemoteSession;
let place: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  session = new RemoteSession();
  session.state = 'complete';
  for (let count = 0; count < 4; count += 1) session.seal(10);
  place = join(folder, session.id);
  await mkdir(place);
  await lay();
});

async function lay(): Promise<void> {
  for (const [name, text] of Object.entries(session.disk()))
    await writeFile(join(place, name), text);
}

async function verdict() {
  const lines: string[] = [];
  const screen = { write: (text: string) => lines.push(text) };
  const exitCode = await verifyCommand({ command: 'verify', folder, json: false }, screen);
  const words = lines.join('').replaceAll(`${session.id}  `, '').split('\n');
  return { exitCode, found: words.slice(0, -2), last: words.at(-2) };
}

test('a sound mirror is called so', async () => {
  const bytes = session.summary().size_bytes;
  expect(await verdict()).toEqual({
    exitCode: 0,
    found: [],
    last: `1 session, 4 chunks, ${bytes} bytes: all is here and sound`,
  });
});

test('rows that only the mirror has are told of, and no fault', async () => {
  await writeFile(join(place, 'tail.kept.jsonl'), '');
  const { exitCode, found } = await verdict();
  expect(exitCode).toBe(0);
  expect(found).toEqual(['tail.kept.jsonl holds rows that the vehicle lost']);
});

test('every kind of fault is named with its file', async () => {
  await rm(join(place, 'chunk_00000.jsonl'));
  await appendFile(join(place, 'chunk_00001.jsonl'), 'x');
  const swapped = session.files.get('chunk_00002.jsonl')?.toString().replace('7', '8') ?? '';
  await writeFile(join(place, 'chunk_00002.jsonl'), swapped);
  await writeFile(join(place, 'chunk_00009.jsonl'), '');
  await writeFile(join(place, 'chunk_00010.jsonl.download'), '');
  const { exitCode, found } = await verdict();
  expect(exitCode).toBe(1);
  expect(found).toEqual([
    'MISSING  chunk_00000.jsonl',
    expect.stringMatching(/^DAMAGED {2}chunk_00001.jsonl has \d+ bytes, should have \d+$/),
    expect.stringMatching(/^DAMAGED {2}chunk_00002.jsonl has SHA-256 \w{64}, should have \w{64}$/),
    'EXTRA  chunk_00009.jsonl is not listed in manifest.jsonl',
    'UNFINISHED  chunk_00010.jsonl.download',
  ]);
});

test('a chunk that the manifest leaves out is missing', async () => {
  const [first, , , last] = session.disk()['manifest.jsonl']?.split('\n') ?? [];
  await writeFile(join(place, 'manifest.jsonl'), `${first}\n${last}\n`);
  expect((await verdict()).found).toEqual([
    'UNFINISHED  2 of 4 chunks are listed in manifest.jsonl',
    'MISSING  chunks 1 to 2 are not listed in manifest.jsonl',
    'EXTRA  chunk_00001.jsonl is not listed in manifest.jsonl',
    'EXTRA  chunk_00002.jsonl is not listed in manifest.jsonl',
  ]);
});

test('rows that no chunk holds are told by their numbers', async () => {
  const last = session.chunks[3];
  if (last) last.first_seq = 35;
  await lay();
  expect((await verdict()).found).toEqual([
    'ROWS MISSING  chunk_00003.jsonl begins with row 35, expected was 30',
  ]);
});

test('a session that has not ended, or not arrived whole, is unfinished', async () => {
  const last = session.chunks.pop();
  await lay();
  if (last) session.chunks.push(last);
  await writeFile(join(place, 'metadata.json'), JSON.stringify(session.metadata()));
  expect((await verdict()).found[0]).toBe('UNFINISHED  3 of 4 chunks are listed in manifest.jsonl');
  session.state = 'recording';
  await lay();
  expect((await verdict()).found).toEqual([
    'UNFINISHED  was still being recorded when it was mirrored last',
  ]);
});

test('metadata that is gone is missing', async () => {
  await rename(join(place, 'metadata.json'), join(folder, 'metadata.json'));
  expect((await verdict()).found).toEqual(["MISSING  metadata.json is missing or can't be read"]);
});

test('what the vehicle itself has lost is told as that', async () => {
  session.chunks.splice(1, 1);
  session.files.delete('chunk_00001.jsonl');
  await lay();
  await rm(join(place, 'chunk_00001.jsonl'));
  expect((await verdict()).found).toEqual(['ROWS MISSING  chunks 1 to 1 were lost on the vehicle']);
});

test('a joined file that says something else than the chunks is damaged', async () => {
  const write = async (from: string, to: string) => {
    const pieces: string[] = [];
    for await (const text of csvOf(place, session.chunks)) pieces.push(text);
    await writeFile(join(place, 'session.csv'), pieces.join('').replace(from, to));
  };
  await write('21.50', '21.50');
  expect((await verdict()).exitCode).toBe(0);
  await write('21.50', '21.51');
  const { exitCode, found } = await verdict();
  expect(exitCode).toBe(1);
  expect(found).toEqual([
    expect.stringContaining('DAMAGED  session.csv is not what the chunks give'),
  ]);
});

test('a folder with no session in it is none that can be called sound', async () => {
  await rm(place, { recursive: true });
  await expect(verdict()).rejects.toMatchObject({ exitCode: 6 });
});

test('a folder that is not there is an error', async () => {
  const options = { command: 'verify', folder: join(folder, 'x'), json: false } as const;
  await expect(verifyCommand(options, { write: () => true })).rejects.toThrow('ENOENT');
});
