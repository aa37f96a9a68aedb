import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unzipped, zipTimes } from '../../../test/support/unzip.ts';
import { type FileEntry, sessionZip, storedZip } from './zip.ts';

const CHUNK = '{"timestamp":"2025-11-12T14:30:45.123456Z","value":0.010046}\n'.repeat(5000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zip-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function entry(name: string, content: string, sha256?: string): Promise<FileEntry> {
  const path = join(folder, `source of ${name}`);
  await writeFile(path, content);
  return { name, path, ...(sha256 && { sha256 }) };
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What `sha256sum -c` says to an unpacked archive. */
async function check(files: Map<string, string>): Promise<string> {
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const cwd = join(folder, 'dive 7');
  const run = promisify(execFile)('sha256sum', ['-c', 'MANIFEST.sha256'], { cwd });
  return run.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

/** Files of the test's folder that this process has open. */
async function openFiles(): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) =>
    readlink(`/proc/self/fd/${fd}`).catch(() => ''),
  );
  return (await Promise.all(links)).filter((path) => path.startsWith(folder));
}

describe('sessionZip', () => {
  it('holds every file in the named folder, smaller than it was', async () => {
    const entries = [await entry('chunk_00000.jsonl', CHUNK), await entry('metadata.json', '{}')];
    const zip = await buffer(sessionZip('dive 7', [entries]));
    const files = unzipped(zip);
    expect([...files.keys()]).toEqual([
      'dive 7/chunk_00000.jsonl',
      'dive 7/metadata.json',
      'dive 7/MANIFEST.sha256',
    ]);
    expect(files.get('dive 7/chunk_00000.jsonl')).toBe(CHUNK);
    expect(zip.length).toBeLessThan(CHUNK.length / 5);
  });

  it('has a manifest that sha256sum takes', async () => {
    const zip = await buffer(
      sessionZip('dive 7', [
        [await entry('chunk_00000.jsonl', CHUNK, hash(CHUNK))],
        [await entry('events.jsonl', '')],
      ]),
    );
    expect(await check(unzipped(zip))).toBe('chunk_00000.jsonl: OK\nevents.jsonl: OK\n');
  });

  it('lets a chunk be found that was damaged after it was sealed', async () => {
    const chunk = await entry('chunk_00000.jsonl', CHUNK.replace('0.01', '0.91'), hash(CHUNK));
    const zip = await buffer(sessionZip('dive 7', [[chunk]]));
    expect(await check(unzipped(zip))).toBe('chunk_00000.jsonl: FAILED\n');
  });

  it('is consistent in itself when a file grows while it is read', async () => {
    const events = await entry('events.jsonl', CHUNK);
    const stream = sessionZip('dive 7', [[events, await entry('metadata.json', '{}')]]);
    const parts: Buffer[] = [];
    for await (const part of stream) {
      parts.push(part);
      if (parts.length < 4) await appendFile(events.path, CHUNK);
    }
    expect(await check(unzipped(Buffer.concat(parts)))).toContain('events.jsonl: OK');
  });

  it('tells unpackers in UTC when each file was written', async () => {
    const modified = new Date('2025-11-12T14:30:46Z');
    const entries = [
      { ...(await entry('chunk_00000.jsonl', CHUNK)), modified },
      { name: 'README.txt', text: 'Kelp', modified: new Date('1970-01-01T00:00:10Z') },
    ];
    const times = ['2025-11-12T14:30:46.000Z', '1970-01-01T00:00:10.000Z'];
    const stored = await storedZip('dive 7', [entries]);
    const bytes = await buffer(stored.body);
    expect(bytes.length).toBe(stored.length);
    for (const zip of [await buffer(sessionZip('dive 7', [entries])), bytes]) {
      expect([...zipTimes(zip).values()].slice(0, 2)).toEqual(times);
      expect(await check(unzipped(zip))).toBe('chunk_00000.jsonl: OK\nREADME.txt: OK\n');
    }
  });

  it('is as long as was said, whatever is in it', async () => {
    const member = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 300 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 40 }), async (members) => {
        const entries = members.map(({ text }, place) => ({ name: `${place}-ö.txt`, text }));
        const { body, length } = await storedZip('dive 7', [entries, entries.slice(1)]);
        const bytes = await buffer(body);
        expect(bytes.length).toBe(length);
        const files = unzipped(bytes);
        for (const { name, text } of entries) expect(files.get(`dive 7/${name}`)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('breaks off where it is not compressed and a file is not as long as it was', async () => {
    const chunk = { ...(await entry('chunk_00000.jsonl', CHUNK, hash(CHUNK))), size: CHUNK.length };
    await writeFile(chunk.path, CHUNK.slice(1));
    const { body } = await storedZip('dive 7', [[chunk]]);
    await expect(buffer(body)).rejects.toThrow(/not as long as it was/);
  });

  it('ends with an error when a file is missing', async () => {
    const there = await entry('chunk_00000.jsonl', CHUNK);
    const gone = { name: 'chunk_00001.jsonl', path: join(folder, 'gone') };
    await expect(buffer(sessionZip('dive 7', [[there, gone]]))).rejects.toThrow('ENOENT');
  });

  it('closes its file when the client goes away', async () => {
    const big = await entry('chunk_00000.jsonl', randomBytes(4_000_000).toString('hex'));
    for await (const part of sessionZip('dive 7', [[big]])) {
      if (part.length > 1000) break;
    }
    await vi.waitFor(async () => expect(await openFiles()).toEqual([]));
  });

  it('holds an empty session', async () => {
    const files = unzipped(await buffer(sessionZip('dive 7', [])));
    expect([...files]).toEqual([['dive 7/MANIFEST.sha256', '']]);
  });
});
