import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/server.ts';
import { textsOf } from '../../test/topside/folder.ts';
import { Remote, RemoteSession, rowLine } from '../../test/topside/remote.ts';
import { verify } from '../local/verify.ts';
import type { MirrorOptions } from '../options.ts';
import { readOptions } from './args.ts';
import { mirror } from './mirror-command.ts';

let remote: Remote;
let base: URL;
let out: string;

beforeEach(async () => {
  remote = new Remote();
  base = await remote.start();
  out = await temporaryFolder();
  onTestFinished(() => remote.stop());
});

function run(args: string[] = ['--once', '--join', 'none'], signal = new AbortController().signal) {
  const lines: string[] = [];
  const options = readOptions([base.href, '--out', out, '--json', ...args]) as MirrorOptions;
  const ended = mirror(options, { write: (text) => lines.push(text) }, signal);
  const news = () => lines.map((line) => JSON.parse(line));
  return { ended, news };
}

/** Answers what is asked under this path in its own way. */
function breakAt(path: string, answer: (response: ServerResponse) => unknown): void {
  const others = remote.breaks;
  remote.breaks = (asked, response) => {
    if (!asked.includes(path)) return others(asked, response);
    answer(response);
    return true;
  };
}

const missing = (news: readonly { detail?: string }[]): string =>
  news.flatMap(({ detail }) => (detail?.startsWith('missing: ') ? detail : [])).join('\n');

/** Marked as a mirror's as long as it is not whole. */
async function expectEqual(session: RemoteSession): Promise<void> {
  const mark = session.state === 'recording' ? { '.mirrored': '' } : {};
  expect(await textsOf(join(out, session.id))).toEqual({ ...session.disk(), ...mark });
}

describe('catching up', () => {
  test('makes each folder equal to the vehicle’s, under a proxy prefix', async () => {
    const sessions = [remote.add(3), remote.add(0), remote.add(7)];
    for (const session of sessions) session.state = 'complete';
    sessions[0]?.events.push({
      timestamp: '2025-11-12T14:30:45.5Z',
      elapsed_s: 1,
      kind: 'a',
      detail: 'b',
    });
    expect(await run().ended).toBe(0);
    for (const session of sessions) await expectEqual(session);
  });

  test('reads every page of the list', async () => {
    for (let count = 0; count < 45; count += 1) remote.add(1).state = 'complete';
    expect(await run().ended).toBe(0);
    for (const session of remote.sessions) await expectEqual(session);
  });

  test('explains each folder, also one that was mirrored without', async () => {
    const session = remote.add(2);
    session.state = 'complete';
    await run(['--once']).ended;
    const folder = join(out, session.id);
    const text = await readFile(join(folder, 'README.txt'), 'utf8');
    for (const name of ['chunk_NNNNN.jsonl', 'manifest.jsonl', 'session.csv']) {
      expect(text).toContain(`  ${name} `);
    }
    expect(await readdir(join(folder, 'schema'))).toContain('chunk.schema.json');
    await rm(join(folder, 'README.txt'));
    await run(['--once']).ended;
    expect(await readFile(join(folder, 'README.txt'), 'utf8')).toBe(text);
    expect((await verify(out)).faults).toEqual([]);
  });

  test('brings what people said, and cites the session by it', async () => {
    const session = remote.add(1);
    session.state = 'complete';
    const value = { investigators: ['A. Lima'], license: 'CC-BY-4.0' };
    const line = { timestamp: session.start, kind: 'deployment', key: 'deployment', value };
    remote.annotations = [{ ...line, author: null, reason: null }];
    await run().ended;
    const folder = join(out, session.id);
    const text = await readFile(join(folder, 'annotations.jsonl'), 'utf8');
    expect(text).toBe(`${JSON.stringify(remote.annotations[0])}\n`);
    expect(await readFile(join(folder, 'README.txt'), 'utf8')).toContain('A. Lima (2025):');
    expect((await verify(out)).faults).toEqual([]);
  });

  test('brings the report of a session that has ended, where it is wanted', async () => {
    const session = remote.add(1);
    session.state = 'complete';
    expect(await run().ended).toBe(0);
    expect(await textsOf(join(out, session.id))).not.toHaveProperty(['report.html']);
    expect(await run(['--once', '--report']).ended).toBe(0);
    const folder = join(out, session.id);
    expect((await textsOf(folder))['report.html']).toContain('</html>');
    expect(await readFile(join(folder, 'README.txt'), 'utf8')).toContain('  report.html ');
    expect((await verify(out)).faults).toEqual([]);
  });

  test('asks for nothing again that is here', async () => {
    const session = remote.add(4);
    session.state = 'complete';
    await run().ended;
    remote.requests.length = 0;
    await run().ended;
    expect(remote.requests.map(({ path }) => path.split('/').slice(3).join('/'))).toEqual([
      'record/status',
      'api/sync/time',
      'sessions',
    ]);
  });

  test('fetches a Parquet file again that broke off where nobody told its length', async () => {
    const session = remote.add(1);
    session.state = 'complete';
    remote.parquet = ['PAR1 half of it', 'PAR1 all of it PAR1'];
    expect(await run(['--once', '--join', 'parquet']).ended).toBe(0);
    const { 'session.parquet': file } = await textsOf(join(out, session.id));
    expect(file).toBe('PAR1 all of it PAR1');
  });

  test('fetches a file that was deleted or cut here, and keeps other bytes aside', async () => {
    const session = remote.add(4);
    session.state = 'complete';
    await run().ended;
    const folder = join(out, session.id);
    await rm(join(folder, 'chunk_00001.jsonl'));
    await writeFile(join(folder, 'chunk_00002.jsonl'), 'cut');
    expect(await run().ended).toBe(0);
    const { 'chunk_00002.jsonl.378bfce5.replaced': kept, ...rest } = await textsOf(folder);
    expect(rest).toEqual(session.disk());
    expect(kept).toBe('cut');
  });

  test('takes a sound file that no manifest lists as it is', async () => {
    const session = remote.add(2);
    const folder = join(out, session.id);
    await mkdir(folder);
    await writeFile(
      join(folder, 'chunk_00000.jsonl'),
      session.files.get('chunk_00000.jsonl') ?? '',
    );
    await run().ended;
    await expectEqual(session);
    expect(remote.fileRequests('chunk_00000.jsonl')).toEqual([]);
  });

  test('never lists fewer chunks than before', async () => {
    const session = remote.add(3);
    await run().ended;
    const before = session.disk()['manifest.jsonl'];
    session.chunks.pop();
    await run().ended;
    expect(await readFile(join(out, session.id, 'manifest.jsonl'), 'utf8')).toBe(before);
  });
});

test('a folder that a recorder writes into is left alone', async () => {
  const session = remote.add(1);
  const folder = join(out, session.id);
  await mkdir(folder);
  await writeFile(join(folder, 'chunk_00001.jsonl.part'), '');
  await expect(run().ended).rejects.toMatchObject({ exitCode: 4 });
  expect(Object.keys(await textsOf(folder))).toEqual(['chunk_00001.jsonl.part']);
});

describe('a link with faults', () => {
  test('resumes a cut download behind the bytes that are here', async () => {
    const session = remote.add(1);
    const size = session.chunks[0]?.size_bytes ?? 0;
    remote.faults = ['cut', 'cut'];
    expect(await run().ended).toBe(0);
    await expectEqual(session);
    const requests = remote.fileRequests('chunk_00000.jsonl');
    expect(requests.map(({ range }) => range)).toEqual([
      undefined,
      `bytes=${Math.floor(size / 2)}-`,
      `bytes=${Math.floor(size / 2) + Math.floor(Math.ceil(size / 2) / 2)}-`,
    ]);
    expect(requests[1]?.ifRange).toBe(`"${session.chunks[0]?.sha256}"`);
  });

  test('begins anew where the answer is the whole file', async () => {
    const session = remote.add(1);
    remote.faults = ['cut', 'no ranges'];
    expect(await run().ended).toBe(0);
    await expectEqual(session);
  });

  test('begins anew where what was left of an earlier attempt is wrong', async () => {
    const session = remote.add(1);
    await mkdir(join(out, session.id));
    await writeFile(join(out, session.id, 'chunk_00000.jsonl.download'), 'half of something else');
    expect(await run().ended).toBe(0);
    await expectEqual(session);
  });

  test('gets over a server in trouble', async () => {
    const session = remote.add(1);
    remote.faults = ['in trouble', 'cut', 'in trouble', 'in trouble'];
    expect(await run().ended).toBe(0);
    await expectEqual(session);
  });

  test('tries wrong bytes once more from the start', async () => {
    const session = remote.add(1);
    remote.faults = ['wrong bytes'];
    expect(await run().ended).toBe(0);
    await expectEqual(session);
  });

  test('never gives wrong bytes a chunk’s name, goes on with the others, and says so', async () => {
    const session = remote.add(3);
    session.files.set('chunk_00001.jsonl', Buffer.from(rowLine(7)));
    const { ended, news } = run();
    expect(await ended).toBe(1);
    const texts = await textsOf(join(out, session.id));
    expect(Object.keys(texts)).toEqual([
      '.mirrored',
      'chunk_00000.jsonl',
      'chunk_00001.jsonl.damaged',
      'chunk_00002.jsonl',
      'manifest.jsonl',
      'metadata.json',
    ]);
    expect(texts['manifest.jsonl']).not.toContain('chunk_00001');
    expect(news()).toContainEqual(
      expect.objectContaining({ event: 'chunk_failed', filename: 'chunk_00001.jsonl' }),
    );
  });

  test('leaves a chunk that the vehicle has lost, and says so', async () => {
    const session = remote.add(2);
    session.files.delete('chunk_00000.jsonl');
    expect(await run().ended).toBe(1);
    expect(await textsOf(join(out, session.id))).toHaveProperty(['chunk_00001.jsonl']);
  });

  test('refuses a file name that leads out of the folder', async () => {
    const session = remote.add(2);
    session.state = 'complete';
    Object.assign(session.chunks[0] ?? {}, { filename: '../chunk_00000.jsonl' });
    const { ended, news } = run();
    expect(await ended).toBe(1);
    expect(missing(news())).toMatch(/"\.\.\/chunk_00000\.jsonl" is no chunk of ours/);
    expect(await readdir(out)).toEqual([session.id]);
    expect(await readdir(join(out, session.id))).toContain('chunk_00001.jsonl');
  });

  /** What goes wrong with one session, and how the mirror names it. */
  const FAULTS: Record<string, [(session: RemoteSession) => void | Promise<void>, RegExp]> = {
    'a session that is answered 500': [
      ({ id }) => breakAt(`/sessions/${id}`, (answer) => answer.writeHead(500).end('{}')),
      /it answers 500/,
    ],
    'a session whose answer is reset': [
      ({ id }) => breakAt(`/sessions/${id}`, (answer) => answer.destroy()),
      /socket hang up/,
    ],
    'a session that is answered in HTML': [
      ({ id }) => breakAt(`/sessions/${id}`, (answer) => answer.end('<h1>Oops</h1>')),
      /is not understood/,
    ],
    'a chunk that is answered 500': [
      ({ id }) => breakAt(`/files/${id}/chunk_00001`, (answer) => answer.writeHead(500).end()),
      /chunk_00001\.jsonl: it answers 500/,
    ],
    'a chunk that is reset': [
      ({ id }) => breakAt(`/files/${id}/chunk_00001`, (answer) => answer.destroy()),
      /chunk_00001\.jsonl: socket hang up/,
    ],
    'a chunk that is gone': [
      (session) => void session.files.delete('chunk_00001.jsonl'),
      /chunk_00001\.jsonl: .*There is no such file/,
    ],
    'a session that the list can not read': [
      (session) => {
        const damage = [{ kind: 'session_unreadable', file: null, detail: 'Its disk is dead.' }];
        session.summary = () => ({ ...RemoteSession.prototype.summary.call(session), damage });
      },
      /Its disk is dead/,
    ],
    'a session that the list garbles': [
      (session) => {
        session.summary = () => ({ session_id: session.id, state: 'odd' }) as never;
      },
      /does not say what it is/,
    ],
    'a folder that is a link': [
      async ({ id }) => {
        await mkdir(join(out, 'elsewhere'));
        await writeFile(join(out, 'elsewhere', 'x'), '');
        await symlink(join(out, 'elsewhere'), join(out, id));
      },
      /is a link/,
    ],
    'a file that is a link': [
      async ({ id }) => {
        await mkdir(join(out, id));
        await symlink('/dev/null', join(out, id, 'chunk_00001.jsonl.download'));
      },
      /is a link/,
    ],
    'a file that is a folder': [
      async ({ id }) =>
        void (await mkdir(join(out, id, 'chunk_00001.jsonl.download'), { recursive: true })),
      /EISDIR/,
    ],
  };

  test('what is wrong with one session is told, and all else is brought', async () => {
    const good = [remote.add(3), remote.add(3)];
    const bad = Object.entries(FAULTS).map(([what, [fault, words]]) => {
      return { what, fault, words, session: remote.add(3) };
    });
    good.push(remote.add(3));
    for (const session of remote.sessions) session.state = 'complete';
    for (const { fault, session } of bad) await fault(session);
    const { ended, news } = run();
    expect(await ended).toBe(1);
    const lines = missing(news()).split('\n');
    for (const { what, words, session } of bad) {
      const told = lines.filter((line) => line.includes(session.id));
      expect([what, told.join(' ')]).toEqual([what, expect.stringMatching(words)]);
    }
    expect(lines).toHaveLength(bad.length);
    for (const session of good) await expectEqual(session);
  });

  test('a fault that passes is forgotten', async () => {
    const session = remote.add(3);
    session.state = 'complete';
    remote.faults = Array.from({ length: 4 }, () => 'in trouble' as const);
    const { ended, news } = run();
    expect(await ended).toBe(0);
    expect(missing(news())).toBe('');
    await expectEqual(session);
  });

  test('a file that is gone does not stand for a chunk whose turn has not come', async () => {
    const session = remote.add(2);
    session.state = 'complete';
    session.sealVehicle();
    session.files.delete('vehicle.jsonl');
    // The first pass is over before the second chunk is begun.
    remote.fileMs = 6000;
    const { ended, news } = run(['--once', '--join', 'none', '--parallel', '1']);
    expect(await ended).toBe(1);
    expect(missing(news())).toBe(
      `missing: ${session.id}: vehicle.jsonl: files/${session.id}/vehicle.jsonl: There is no such file. (404)`,
    );
    const { 'chunk_00001.jsonl': second } = await textsOf(join(out, session.id));
    expect(second).toBe(session.files.get('chunk_00001.jsonl')?.toString());
  });

  test('a damaged row is told, and left out of the table', async () => {
    const session = remote.add(0);
    session.sealLines([rowLine(0), 'no row at all\n', rowLine(2)]);
    session.state = 'complete';
    const { ended, news } = run(['--once', '--join', 'csv']);
    expect(await ended).toBe(0);
    expect(JSON.stringify(news())).toContain('line 2 of chunk_00000.jsonl is no row');
    const { 'session.csv': table } = await textsOf(join(out, session.id));
    expect(table?.trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('which sessions', () => {
  test('one by its id', async () => {
    const [one, other] = [remote.add(1), remote.add(1)];
    await run(['--once', '--join', 'none', '--session', one.id]).ended;
    await expectEqual(one);
    await expect(textsOf(join(out, other.id))).rejects.toThrow('ENOENT');
  });

  test.each(['active', 'latest'])('%s', async (which) => {
    const [old, wanted] = [remote.add(1), remote.add(1)];
    old.state = 'complete';
    await run(['--once', '--join', 'none', '--session', which]).ended;
    await expectEqual(wanted);
    await expect(textsOf(join(out, old.id))).rejects.toThrow('ENOENT');
  });

  test('those begun since a date', async () => {
    const [old, wanted] = [remote.add(1), remote.add(1)];
    old.state = 'complete';
    old.start = '2025-11-11T23:59:59.999999Z';
    await run(['--once', '--join', 'none', '--since', '2025-11-12']).ended;
    await expectEqual(wanted);
    await expect(textsOf(join(out, old.id))).rejects.toThrow('ENOENT');
  });

  test('what is recorded now, though the vehicle’s clock is months behind', async () => {
    const [recent, running, old] = [remote.add(1), remote.add(1), remote.add(1)];
    recent.state = 'complete';
    old.state = 'complete';
    running.start = '2024-01-01T00:00:00.000000Z';
    old.start = '2023-01-01T00:00:00.000000Z';
    await run(['--once', '--join', 'none', '--since', '2025-11-12']).ended;
    await expectEqual(recent);
    await expectEqual(running);
    await expect(textsOf(join(out, old.id))).rejects.toThrow('ENOENT');
    await rm(join(out, recent.id), { recursive: true });
    await run(['--once', '--join', 'none', '--session', 'latest']).ended;
    await expect(textsOf(join(out, recent.id))).rejects.toThrow('ENOENT');
  });

  test('none there is an error of its own', async () => {
    await expect(run(['--once', '--session', 'active']).ended).rejects.toMatchObject({
      exitCode: 6,
    });
  });
});

describe('staying', () => {
  test('follows a session to its end, over a vehicle that goes away and comes back', async () => {
    const session = remote.add(1);
    const { ended, news } = run(['--session', session.id, '--join', 'none']);
    const told = (event: string) =>
      expect.poll(() => news().map((one) => one.event), { timeout: 15_000 }).toContain(event);
    await told('chunk');
    await remote.stop();
    await told('lost');
    session.seal();
    const again = new Remote();
    again.sessions.push(session);
    await again.start(Number(base.port));
    await told('back');
    session.seal();
    session.state = 'complete';
    expect(await ended).toBe(0);
    await again.stop();
    await remote.start();
    await expectEqual(session);
  });

  test('waits for a session to begin', async () => {
    const stopping = new AbortController();
    const { ended, news } = run(['--session', 'active', '--join', 'none'], stopping.signal);
    await expect.poll(() => remote.requests.length).toBeGreaterThan(1);
    const session = remote.add(2);
    await expect
      .poll(() => news().filter(({ event }) => event === 'chunk'), { timeout: 5000 })
      .toHaveLength(2);
    session.state = 'complete';
    await expect
      .poll(() => news().map(({ event }) => event), { timeout: 5000 })
      .toContain('complete');
    stopping.abort();
    await expect(ended).rejects.toThrow('aborted');
    await expectEqual(session);
  });

  test('goes on with another vehicle that has taken the address', async () => {
    const lost = remote.add(2);
    const stopping = new AbortController();
    const { ended, news } = run(['--join', 'none'], stopping.signal);
    const chunks = () => news().filter(({ event }) => event === 'chunk').length;
    await expect.poll(chunks).toBe(2);
    const other = new Remote();
    const session = other.add(1);
    await remote.stop();
    await other.start(Number(base.port));
    await expect.poll(chunks).toBe(3);
    session.state = 'complete';
    await expect.poll(() => news().map(({ event }) => event)).toContain('complete');
    stopping.abort();
    await expect(ended).rejects.toThrow('aborted');
    await other.stop();
    await remote.start();
    await expectEqual(session);
    await expectEqual(lost);
  });

  test('does not go on with a session that was deleted on the vehicle', async () => {
    const stopping = new AbortController();
    const gone = remote.add(1);
    const { ended, news } = run(['--join', 'none'], stopping.signal);
    await expect.poll(() => news().filter(({ event }) => event === 'chunk')).toHaveLength(1);
    remote.sessions.length = 0;
    await expect
      .poll(() => news().at(-1), { timeout: 15_000 })
      .toMatchObject({ event: 'progress', lag_s: null });
    stopping.abort();
    await expect(ended).rejects.toThrow('aborted');
    await expectEqual(gone);
  });

  test('asked for once, gives up on a vehicle that is not there', async () => {
    await remote.stop();
    await expect(run(['--once', '--give-up', '0']).ended).rejects.toMatchObject({ exitCode: 3 });
    await remote.start();
  });
});

describe('session.csv', () => {
  test('holds every row with its digits as they are, quoted where it must be', async () => {
    const session = remote.add(2, 2);
    session.state = 'complete';
    await run(['--once']).ended;
    expect(await readFile(join(out, session.id, 'session.csv'), 'utf8')).toBe(
      [
        'timestamp,sensor_id,mode,value,TempC,Vin,seq,elapsed_s',
        '2025-11-12T14:30:45.000000Z,"SIM ""7"", a",freerun,0.000066,21.50,,0,0.000000',
        '2025-11-12T14:30:45.100000Z,"SIM ""7"", a",freerun,1.000066,21.50,,1,0.100000',
        '2025-11-12T14:30:45.200000Z,"SIM ""7"", a",freerun,2.000066,21.50,,2,0.200000',
        '2025-11-12T14:30:45.300000Z,"SIM ""7"", a",freerun,3.000066,21.50,,3,0.300000',
        '',
      ].join('\n'),
    );
  });

  test('is made when the session has ended, and anew when it is missing', async () => {
    const session = remote.add(1);
    await run(['--once']).ended;
    expect(await textsOf(join(out, session.id))).not.toHaveProperty(['session.csv']);
    session.state = 'complete';
    for (let time = 0; time < 2; time += 1) {
      await run(['--once']).ended;
      expect(await textsOf(join(out, session.id))).toHaveProperty(['session.csv']);
      await rm(join(out, session.id, 'session.csv'));
    }
  });
});
