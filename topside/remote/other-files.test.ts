import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/server.ts';
import { textsOf } from '../../test/topside/folder.ts';
import { Remote, type RemoteSession } from '../../test/topside/remote.ts';
import { readOptions } from '../cli/args.ts';
import { mirror } from '../cli/mirror-command.ts';
import { verify } from '../local/verify.ts';
import type { MirrorOptions } from '../options.ts';

const NAME = 'vehicle.jsonl';
const LISTED = 'vehicle_manifest.jsonl';

let remote: Remote;
let session: RemoteSession;
let base: URL;
let out: string;
let folder: string;

beforeEach(async () => {
  remote = new Remote();
  base = await remote.start();
  out = await temporaryFolder();
  onTestFinished(() => remote.stop());
  session = remote.add(1);
  session.sealVehicle();
  folder = join(out, session.id);
});

async function run(): Promise<number> {
  const args = [base.href, '--out', out, '--once', '--join', 'none'];
  const options = readOptions(args) as MirrorOptions;
  return mirror(options, { write: () => true }, new AbortController().signal);
}

const ranges = () => remote.fileRequests(NAME).map(({ range }) => range);

async function expectEqual(): Promise<void> {
  const texts = await textsOf(folder);
  const { [NAME]: vehicle, [LISTED]: listed } = session.disk();
  expect([texts[NAME], texts[LISTED]]).toEqual([vehicle, listed]);
}

describe('vehicle.jsonl of a mirror', () => {
  test('takes only what is new when more of it is sealed', async () => {
    expect(await run()).toBe(0);
    await expectEqual();
    const here = session.otherFiles[0]?.size_bytes ?? 0;
    session.seal();
    const { size_bytes } = session.sealVehicle();
    expect(await run()).toBe(0);
    await expectEqual();
    expect(ranges()).toEqual([`bytes=0-${here - 1}`, `bytes=${here}-${size_bytes - 1}`]);
  });

  test('is not asked for again when it is here', async () => {
    await run();
    session.seal();
    await run();
    expect(ranges()).toHaveLength(1);
  });

  test.each(['cut', 'wrong bytes', 'no ranges', 'in trouble'] as const)(
    'is whole also where an answer is: %s',
    async (fault) => {
      await run();
      session.sealVehicle();
      remote.faults = [fault];
      expect(await run()).toBe(0);
      await expectEqual();
    },
  );

  test('goes on after a kill between its bytes and the line that lists them', async () => {
    await run();
    await rm(join(folder, LISTED));
    session.seal();
    await run();
    await expectEqual();
    expect(ranges()).toHaveLength(1);
  });

  test('goes on after a kill in the middle of the copy that it is added to', async () => {
    await run();
    const text = await readFile(join(folder, NAME), 'utf8');
    await writeFile(join(folder, `${NAME}.download`), text.slice(0, 100));
    session.seal();
    const { size_bytes } = session.sealVehicle();
    expect(await run()).toBe(0);
    await expectEqual();
    expect(ranges().at(-1)).toBe(`bytes=100-${size_bytes - 1}`);
  });

  test('keeps what the vehicle had before, where it now has other bytes', async () => {
    await run();
    const before = await readFile(join(folder, NAME), 'utf8');
    session.files.set(NAME, Buffer.from(before.replaceAll('depth', 'DEPTH')));
    session.sealVehicle();
    session.seal();
    expect(await run()).toBe(0);
    await expectEqual();
    const texts = await textsOf(folder);
    const kept = Object.keys(texts).filter((name) => name.endsWith('.replaced'));
    expect(kept.map((name) => texts[name])).toEqual([before]);
  });

  test('is fetched again where it was deleted here, once the session has ended', async () => {
    session.state = 'complete';
    await run();
    expect((await verify(out)).faults).toEqual([]);
    await rm(join(folder, NAME));
    expect((await verify(out)).faults).toMatchObject([{ kind: 'missing', detail: NAME }]);
    await rm(join(folder, LISTED));
    expect((await verify(out)).faults).toMatchObject([
      {
        kind: 'missing',
        detail: expect.stringContaining(`of ${NAME} are not listed in ${LISTED}`),
      },
    ]);
    await run();
    await expectEqual();
    expect((await verify(out)).faults).toEqual([]);
  });

  test('that was changed here is called damaged', async () => {
    session.state = 'complete';
    await run();
    await writeFile(join(folder, NAME), session.disk()[NAME]?.replace('depth', 'depht') ?? '');
    expect((await verify(out)).faults).toMatchObject([
      { kind: 'damaged', detail: expect.stringContaining(`${NAME} has SHA-256`) },
    ]);
  });

  test('is not there where the vehicle has none', async () => {
    session.otherFiles = [];
    session.state = 'complete';
    await run();
    expect(Object.keys(await textsOf(folder)).join()).not.toContain('vehicle');
  });
});
