import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  Bench,
  filesLike,
  OPTIONS,
  readingAt,
  verifiedRows,
} from '../../test/support/recorder-bench.ts';
import { readEvents } from '../format/events.ts';
import { checkUserMetadata, RESERVED_KEYS, readMetadata } from '../format/metadata.ts';

const kinds = async (folder: string) => (await readEvents(folder)).map(({ kind }) => kind);

describe('a session', () => {
  test('has every row in finalized chunks after a stop, numbered without a hole', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(350);
    const stopped = await bench.recorder.stop();
    expect(stopped).toMatchObject({ session_id, final_chunk_count: 4, total_rows: 350 });
    expect(stopped.duration_s).toBeCloseTo(35);
    const rows = await verifiedRows(bench.folder(session_id));
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 350 }, (_, seq) => seq));
    expect(rows.at(-1)?.elapsed_s).toBeCloseTo(34.9);
    expect(await filesLike(bench.folder(session_id), /part|tmp|torn/)).toEqual([]);
  });

  test('that began by itself gives way to one that is asked for, and no reading falls between', async () => {
    const bench = await Bench.make();
    const first = await bench.recorder.start({ ...OPTIONS, trigger: 'armed' });
    await expect(bench.recorder.start({ ...OPTIONS, trigger: 'armed' })).rejects.toThrow(/already/);
    bench.record(5);
    const begun = bench.recorder.start(OPTIONS);
    const recording = setInterval(() => bench.record(1), 0);
    const second = await begun;
    clearInterval(recording);
    bench.record(5);
    await expect(bench.recorder.start(OPTIONS)).rejects.toThrow(/already/);
    const { total_rows } = await bench.recorder.stop();
    await bench.recorder.suspend();
    const rows = [];
    for (const { session_id } of [first, second]) {
      rows.push(...(await verifiedRows(bench.folder(session_id))));
    }
    expect(total_rows).toBeLessThan(rows.length);
    const times = rows.map(({ timestamp }) => Date.parse(timestamp));
    const spaces = times.slice(1).map((time, place) => time - (times[place] ?? 0));
    expect(new Set(spaces)).toEqual(new Set([100]));
    const events = await readEvents(bench.folder(first.session_id));
    expect(events.at(-1)).toMatchObject({ kind: 'recording_stopped' });
    expect(await readMetadata(bench.folder(first.session_id))).toMatchObject({ state: 'complete' });
  });

  test('keeps the digits that the device sent', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.recorder.append(readingAt(bench.clock, '0.000066'));
    bench.recorder.append(readingAt(bench.clock, '-1.50000000'));
    await bench.recorder.stop();
    const chunk = join(bench.folder(session_id), 'chunk_00000.jsonl');
    const text = await readFile(chunk, 'utf8');
    expect(text).toContain('"value":0.000066,');
    expect(text).toContain('"value":-1.50000000,');
  });

  test('seals the chunk of a sensor that fell silent', async () => {
    const bench = await Bench.make();
    await bench.recorder.start(OPTIONS);
    bench.record(3);
    bench.clock.pass(20);
    await bench.untilSealed(1);
    expect(bench.recorder.status()).toMatchObject({ chunk_count: 1, current_chunk_rows: 0 });
  });

  test('makes no file for an interval without readings, and uses up no index', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(1);
    bench.clock.pass(95);
    bench.record(1);
    const { final_chunk_count } = await bench.recorder.stop();
    expect(final_chunk_count).toBe(2);
    expect(await filesLike(bench.folder(session_id), /^chunk/)).toEqual([
      'chunk_00000.jsonl',
      'chunk_00001.jsonl',
    ]);
  });

  test.each([8 * 30 * 86400, -3600, 0.5])(
    'rolls on time when the wall clock is set by %d s',
    async (step) => {
      const bench = await Bench.make();
      const { session_id } = await bench.recorder.start(OPTIONS);
      bench.record(50);
      bench.clock.step(step);
      bench.record(150);
      const { final_chunk_count, duration_s } = await bench.recorder.stop();
      expect(final_chunk_count).toBe(2);
      expect(duration_s).toBeCloseTo(20);
      const rows = await verifiedRows(bench.folder(session_id));
      expect(rows.map(({ elapsed_s }) => elapsed_s.toFixed(1))).toEqual(
        Array.from({ length: 200 }, (_, row) => (row / 10).toFixed(1)),
      );
    },
  );

  test('does not roll back for a row that was on its way at the boundary', async () => {
    const bench = await Bench.make();
    await bench.recorder.start(OPTIONS);
    bench.record(1);
    const late = readingAt(bench.clock);
    bench.clock.pass(15);
    await bench.untilSealed(1);
    bench.recorder.append(late);
    bench.record(1);
    expect(await bench.recorder.stop()).toMatchObject({ final_chunk_count: 2, total_rows: 3 });
  });

  test('is on the disk while it goes on, before its chunk is sealed', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(20);
    await vi.waitFor(async () => {
      const part = join(bench.folder(session_id), 'chunk_00000.jsonl.part');
      expect((await readFile(part, 'utf8')).split('\n')).toHaveLength(21);
    });
  });

  test('is CSV with a header where that was asked for, markers in place', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start({ ...OPTIONS, format: 'csv' });
    bench.record(1);
    const marker = { ...readingAt(bench.clock, '"a-b"'), temperature: null, voltage: null };
    bench.recorder.append({ ...marker, sensorId: 'a,b', mode: 'SYNC_START' });
    await bench.recorder.stop();
    const text = await readFile(join(bench.folder(session_id), 'chunk_00000.csv'), 'utf8');
    expect(text).toBe(
      'timestamp,sensor_id,mode,value,TempC,Vin\n' +
        '2025-11-12T14:30:45.000000+00:00,serial 123   ,freerun,0.010046,27.68,7.494\n' +
        '2025-11-12T14:30:45.100000+00:00,a b,SYNC_START,a-b,,\n',
    );
  });
});

describe('starting', () => {
  test('lets exactly one of many starts at once win', async () => {
    const bench = await Bench.make();
    const starts = Array.from({ length: 5 }, () => bench.recorder.start(OPTIONS));
    const results = await Promise.allSettled(starts);
    const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 4 }, () => 'already_recording'));
    expect(await filesLike(bench.root, /./)).toHaveLength(1);
  });

  test('is refused below the reserve, and leaves nothing behind', async () => {
    const bench = await Bench.make({ reserveBytes: () => Number.MAX_SAFE_INTEGER });
    await expect(bench.recorder.start(OPTIONS)).rejects.toMatchObject({ code: 'disk_full' });
    expect(await filesLike(bench.root, /./)).toEqual([]);
  });

  test('says so when the folder cannot be written', async () => {
    const bench = await Bench.make();
    const root = join(bench.root, 'file');
    await writeFile(root, '');
    const other = await Bench.make({ root });
    await expect(other.recorder.start(OPTIONS)).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
  });

  test('is possible again after a stop, and after a start that failed', async () => {
    let reserve = Number.MAX_SAFE_INTEGER;
    const bench = await Bench.make({ reserveBytes: () => reserve });
    await expect(bench.recorder.start(OPTIONS)).rejects.toThrow();
    reserve = 0;
    await bench.recorder.start(OPTIONS);
    await bench.recorder.stop();
    await bench.recorder.start(OPTIONS);
    expect(bench.recorder.isRecording).toBe(true);
  });
});

describe('metadata', () => {
  test("keeps the caller's keys flat beside the recorder's", async () => {
    const bench = await Bench.make();
    const metadata = { mission: 'Dive 7', constructor: 1, deep: { toString: [null] } };
    const { session_id } = await bench.recorder.start({ ...OPTIONS, metadata });
    await bench.recorder.stop();
    expect(await readMetadata(bench.folder(session_id))).toMatchObject({
      ...metadata,
      ...{ session_id, state: 'complete', total_rows: 0 },
    });
  });

  test.each([...RESERVED_KEYS])('refuses the key %s', (key) => {
    const metadata = JSON.parse(`{"a":1,${JSON.stringify(key)}:2}`);
    expect(() => checkUserMetadata(metadata)).toThrow(
      expect.objectContaining({ code: 'reserved_metadata_key' }),
    );
  });

  test('reserves every key that the recorder writes', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    const keys = Object.keys((await readMetadata(bench.folder(session_id))) ?? {});
    expect(keys.filter((key) => !RESERVED_KEYS.includes(key))).toEqual([]);
  });

  test('is refused above 64 KiB and when nested beyond measure', () => {
    const deep = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000));
    for (const metadata of [{ text: 'x'.repeat(65_536) }, { deep }]) {
      expect(() => checkUserMetadata(metadata)).toThrow(
        expect.objectContaining({ code: 'bad_request' }),
      );
    }
  });
});

describe('events', () => {
  test('are kept with their time and fields', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.clock.pass(2.5);
    bench.recorder.note({ kind: 'clock_step', detail: 'The clock was set.', step_s: 7 });
    await bench.recorder.stop();
    const events = await readEvents(bench.folder(session_id));
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['recording_started', 'clock_step', 'recording_stopped'],
    ]);
    expect(events[1]).toMatchObject({ elapsed_s: 2.5, step_s: 7, detail: 'The clock was set.' });
  });
});

describe('a disk that fails', () => {
  test('tells what is still to be told before it ends by itself', async () => {
    let reserve = 0;
    const bench = await Bench.make({ reserveBytes: () => reserve });
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(5);
    bench.onFlush = () =>
      bench.recorder.note({ kind: 'sensor_silent', detail: 'Told at the end.' });
    reserve = Number.MAX_SAFE_INTEGER;
    await vi.waitFor(() => expect(bench.failures).toHaveLength(1), { timeout: 10_000 });
    const kinds = (await readEvents(bench.folder(session_id))).map(({ kind }) => kind);
    expect(kinds).toEqual(['recording_started', 'sensor_silent', 'disk_full']);
  });

  test('closes the session cleanly when the reserve is reached', async () => {
    let reserve = 0;
    const bench = await Bench.make({ reserveBytes: () => reserve });
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(20);
    reserve = Number.MAX_SAFE_INTEGER;
    await vi.waitFor(() => expect(bench.failures).toHaveLength(1), { timeout: 10_000 });
    expect(await verifiedRows(bench.folder(session_id))).toHaveLength(20);
    expect(await readMetadata(bench.folder(session_id))).toMatchObject({
      ...{ state: 'failed', failure: expect.stringContaining('full'), total_rows: 20 },
    });
    expect(bench.recorder.status()).toMatchObject({ is_recording: false, state: 'failed' });
  });

  test('ends the session, keeps what was written, and says how much was lost', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(100);
    await bench.untilSealed(0);
    // The name of the next chunk is taken by a folder: opening it fails.
    await mkdir(join(bench.folder(session_id), 'chunk_00001.jsonl.part'));
    bench.record(30);
    await vi.waitFor(() => expect(bench.failures).toHaveLength(1), { timeout: 10_000 });
    bench.record(5);
    expect(bench.recorder.status()).toMatchObject({ is_recording: false, state: 'failed' });
    expect(await verifiedRows(bench.folder(session_id))).toHaveLength(100);
    const metadata = await readMetadata(bench.folder(session_id));
    expect(metadata).toMatchObject({ state: 'failed', total_rows: 100, needs_recovery: false });
    expect(metadata?.failure).toContain('30 rows');
    expect(await kinds(bench.folder(session_id))).toContain('recording_failed');
  });

  test('lets the next recording start', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    await mkdir(join(bench.folder(session_id), 'chunk_00000.jsonl.part'));
    bench.record(1);
    await vi.waitFor(() => expect(bench.failures).toHaveLength(1), { timeout: 10_000 });
    await bench.recorder.start(OPTIONS);
    bench.record(10);
    expect(await bench.recorder.stop()).toMatchObject({ total_rows: 10 });
  });

  test('makes a stop that cannot seal everything an error', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    await mkdir(join(bench.folder(session_id), 'chunk_00000.jsonl.part'));
    bench.record(1);
    await expect(bench.recorder.stop()).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(bench.recorder.status()).toMatchObject({ is_recording: false, state: 'failed' });
  });
});

describe('a restart', () => {
  test('goes on with a suspended session: same id, next chunk, next seq', async () => {
    const bench = await Bench.make();
    const { session_id } = await bench.recorder.start(OPTIONS);
    bench.record(25);
    await bench.recorder.suspend();
    const next = await bench.restarted(7);
    await next.recover();
    next.record(25);
    expect(await next.recorder.stop()).toMatchObject({ session_id, total_rows: 50 });
    const rows = await verifiedRows(bench.folder(session_id));
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, seq) => seq));
    expect(rows[25]?.elapsed_s).toBeCloseTo(9.5);
    const resumed = (await readEvents(bench.folder(session_id))).find(
      ({ kind }) => kind === 'recording_resumed',
    );
    expect(resumed).toMatchObject({ next_seq: 25, elapsed_basis: 'monotonic_clock' });
    expect(resumed?.['gap_s']).toBeCloseTo(7.1);
  });

  test('yields to a session that was started meanwhile, and closes the old one', async () => {
    const bench = await Bench.make();
    const { session_id: old } = await bench.recorder.start(OPTIONS);
    bench.record(5);
    await bench.recorder.suspend();
    const next = await bench.restarted();
    const recovering = next.recover();
    const { session_id } = await next.recorder.start(OPTIONS);
    await recovering;
    next.record(5);
    expect(await next.recorder.stop()).toMatchObject({ session_id, total_rows: 5 });
    expect(await readMetadata(bench.folder(old))).toMatchObject({ state: 'failed', total_rows: 5 });
    expect(await verifiedRows(bench.folder(old))).toHaveLength(5);
  });
});
