import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/support/server.ts';
import { textsOf } from '../../test/topside/folder.ts';
import { RemoteSession, rowLine } from '../../test/topside/remote.ts';
import { TailFile } from './tail-file.ts';

let folder: string;
let session: RemoteSession;
let tail: TailFile;

beforeEach(async () => {
  folder = await temporaryFolder();
  session = new RemoteSession();
  tail = new TailFile(folder);
});

afterEach(() => tail.close());

async function seal(rows: number) {
  const chunk = session.seal(rows);
  await writeFile(join(folder, chunk.filename), session.files.get(chunk.filename) ?? '');
  return chunk;
}

function lines(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, place) => rowLine(from + place).trimEnd());
}

async function tails() {
  const { 'tail.jsonl': ahead = '', 'tail.kept.jsonl': kept = '' } = await textsOf(folder);
  return { ahead: ahead.split('\n').slice(0, -1), kept: kept.split('\n').slice(0, -1) };
}

test('rows of a sealed chunk go, later ones stay', async () => {
  await tail.append(lines(0, 8));
  const chunk = await seal(5);
  expect(await tail.takeOver([chunk], 4)).toBe(0);
  expect(await tails()).toEqual({ ahead: lines(5, 8), kept: [] });
  await tail.append(lines(8, 9));
  expect(await tails()).toEqual({ ahead: lines(5, 9), kept: [] });
});

test('a row that the chunk holds otherwise is kept', async () => {
  await tail.append([...lines(0, 2), rowLine(2, '0.5').trimEnd()]);
  expect(await tail.takeOver([await seal(3)], 2)).toBe(1);
  expect(await tails()).toEqual({ ahead: [], kept: [rowLine(2, '0.5').trimEnd()] });
});

test('rows that no chunk holds at the end are kept', async () => {
  await tail.append(lines(0, 4));
  expect(await tail.takeOver([await seal(2)], Number.POSITIVE_INFINITY)).toBe(2);
  expect(await tails()).toEqual({ ahead: [], kept: lines(2, 4) });
});

test('half a line that a kill left is cut off', async () => {
  await writeFile(join(folder, 'tail.jsonl'), `${rowLine(0)}{"timestamp":"20`);
  expect(await tail.open()).toBe(0);
  await tail.append(lines(1, 2));
  expect(await tails()).toEqual({ ahead: lines(0, 2), kept: [] });
});

test('what a settling that was killed left does not come back', async () => {
  await appendFile(join(folder, 'tail.jsonl.tmp'), rowLine(99));
  await tail.append(lines(0, 4));
  await tail.takeOver([await seal(2)], 1);
  expect(await tails()).toEqual({ ahead: lines(2, 4), kept: [] });
});

test('every row is ahead, sealed or kept, whatever comes in which order', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 });
  const property = fc.asyncProperty(sizes, fc.nat(20), async (chunks, ahead) => {
    session = new RemoteSession();
    folder = await temporaryPlace();
    tail = new TailFile(folder);
    await tail.append(lines(0, ahead));
    let sealed = 0;
    for (const rows of chunks) {
      const chunk = await seal(rows);
      sealed += rows;
      expect(await tail.takeOver([chunk], sealed - 1)).toBe(0);
      const left = lines(Math.min(sealed, ahead), ahead);
      expect(await tails()).toEqual({ ahead: left, kept: [] });
    }
    expect(await tail.takeOver([], Number.POSITIVE_INFINITY)).toBe(Math.max(0, ahead - sealed));
    await tail.close();
  });
  const root = folder;
  let place = 0;
  async function temporaryPlace(): Promise<string> {
    place += 1;
    const path = join(root, String(place));
    await mkdir(path);
    return path;
  }
  await fc.assert(property, { numRuns: 30 });
});
