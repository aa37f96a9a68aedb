import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preview as previewSchema } from '../../../shared/api/sessions.ts';
import { isoMicros } from '../../../shared/clock.ts';
import { rowPrefix } from '../../../shared/row.ts';
import type { Chunk } from '../../../shared/session.ts';
import { chunkOf } from '../../../test/support/dive-files.ts';
import { Chunks } from '../../format/chunks.ts';
import { Previews } from './preview.ts';
import type { PreviewSession } from './session-bins.ts';

const START_MICROS = 1_762_957_845_000_000;
const SESSION_ID = '6f1c1f9e-3a52-4d0c-8f43-1d2a7a3b9c55';

type Sample = readonly [elapsed: number, value: number];

let session: PreviewSession;
let warnings: string[];
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'preview-'));
  session = { sessionId: SESSION_ID, folder, startTime: isoMicros(START_MICROS) };
  warnings = [];
});
afterEach(() => rm(session.folder, { recursive: true, force: true }));

const newPreviews = () => new Previews((detail) => warnings.push(detail));
const cacheFile = () => join(session.folder, '.preview.jsonl');

/** A chunk of the session. */
async function chunk(index: number, samples: readonly Sample[]): Promise<Chunk> {
  const filename = `chunk_${String(index).padStart(5, '0')}.jsonl`;
  const sensor = {
    sensorId: 'QSR-2150',
    mode: 'freerun',
    temperature: null,
    voltage: null,
  } as const;
  const lines = samples.map(([elapsed, value], seq) => {
    const wallMicros = START_MICROS + Math.round(elapsed * 1e6);
    const prefix = rowPrefix({ ...sensor, wallMicros, mono: 0, value: String(value) });
    return `${prefix},"seq":${seq},"elapsed_s":${elapsed}}\n`;
  });
  await writeFile(join(session.folder, filename), lines.join(''));
  return chunkOf(index, filename, lines.join(''), lines.length);
}

function every(period: number, from: number, until: number): Sample[] {
  const count = Math.round((until - from) / period);
  return Array.from({ length: count }, (_, step) => [from + step * period, step % 10]);
}

describe('Previews', () => {
  it('puts readings from before the beginning, by a clock that was set, into the first bin', async () => {
    const chunks = [await chunk(0, [[-8e8, 1]]), await chunk(1, [[0.5, 2]])];
    const preview = await newPreviews().preview(session, Chunks.of(chunks), 2);
    expect(preview).toMatchObject({ total_rows: 2, elapsed_s: expect.arrayContaining([0]) });
  });

  it('tells the gaps of what is left when a chunk is taken away, each once', async () => {
    const chunks = [
      await chunk(0, [...every(1, 0, 20), ...every(1, 30, 50)]),
      await chunk(1, every(1, 50, 70)),
      await chunk(2, every(1, 70, 90)),
    ];
    const previews = newPreviews();
    expect((await previews.preview(session, Chunks.of(chunks), 10)).gap_from_s).toEqual([19]);
    const left = chunks.filter((_, index) => index !== 1);
    const again = await previews.preview(session, Chunks.of(left), 10);
    expect([again.gap_from_s, again.gap_to_s]).toEqual([
      [19, 49],
      [30, 70],
    ]);
  });

  it('puts readings into bins of minimum, maximum, mean and count', async () => {
    const chunks = [
      await chunk(0, [
        [0.25, 3],
        [1.5, 1],
        [1.75, 2],
      ]),
      await chunk(1, [[3.5, 5]]),
    ];
    const preview = await newPreviews().preview(session, Chunks.of(chunks), 4);
    expect(previewSchema.parse(preview)).toMatchObject({ session_id: SESSION_ID });
    expect(preview).toMatchObject({ total_rows: 4, damaged_lines: 0 });
    expect(preview.count.reduce((sum, count) => sum + count)).toBe(4);
    expect(preview.bin_s).toBeGreaterThan(0.8);
    expect(preview).toMatchObject({
      min: [3, 1, 5],
      max: [3, 2, 5],
      mean: [3, 1.5, 5],
      count: [1, 2, 1],
      timestamp: [0.25, 1.5, 3.5].map((elapsed) => isoMicros(START_MICROS + elapsed * 1e6)),
    });
  });

  it('leaves bins without a reading out', async () => {
    const chunks = [await chunk(0, [...every(0.1, 0, 10), ...every(0.1, 50, 60)])];
    const { elapsed_s } = await newPreviews().preview(session, Chunks.of(chunks), 60);
    expect(elapsed_s.filter((elapsed) => elapsed > 11 && elapsed < 48)).toEqual([]);
    expect(elapsed_s.length).toBeGreaterThan(18);
  });

  it('has no bin for a session without a reading', async () => {
    const preview = await newPreviews().preview(session, Chunks.of([]), 600);
    expect(preview).toMatchObject({ total_rows: 0, count: [], elapsed_s: [] });
  });

  it('says of any readings what they say of themselves', async () => {
    const samples = fc
      .array(fc.tuple(fc.double({ min: 0, max: 3e5, noNaN: true }), fc.integer()), {
        minLength: 1,
        maxLength: 60,
      })
      .map((all) => all.sort(([a], [b]) => a - b));
    await fc.assert(
      fc.asyncProperty(
        samples,
        fc.integer({ min: 2, max: 5000 }),
        fc.nat(60),
        async (all, points, cut) => {
          await rm(cacheFile(), { force: true });
          const chunks = [await chunk(0, all.slice(0, cut)), await chunk(1, all.slice(cut))];
          const preview = await newPreviews().preview(session, Chunks.of(chunks), points);
          expect(preview.count.length).toBeLessThanOrEqual(points);
          expect(preview.total_rows).toBe(all.length);
          for (const [at, start] of preview.elapsed_s.entries()) {
            expect(start % preview.bin_s).toBeCloseTo(0);
            const inside = all.filter(
              ([elapsed]) => elapsed >= start && elapsed < start + preview.bin_s,
            );
            const values = inside.map(([, value]) => value);
            expect(preview.count[at]).toBe(values.length);
            expect(preview.min[at]).toBe(Math.min(...values));
            expect(preview.max[at]).toBe(Math.max(...values));
            expect(preview.timestamp[at]).toBe(
              isoMicros(START_MICROS + Math.round((inside[0]?.[0] ?? 0) * 1e6)),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('comes close to the number of points that is asked for, in short and long sessions', async () => {
    const chunks: Chunk[] = [];
    const previews = newPreviews();
    const ends = [0, 60, 3600, 86_400];
    for (const [index, until] of ends.slice(1).entries()) {
      chunks.push(await chunk(index, every(until / 20_000, ends[index] ?? 0, until)));
      for (const points of [100, 600, 2000]) {
        const { count } = await previews.preview(session, Chunks.of(chunks), points);
        expect(count.length).toBeLessThanOrEqual(points);
        expect(count.length).toBeGreaterThan(points * 0.8);
      }
    }
  });

  it('keeps little of a chunk that is late in a long session', async () => {
    await newPreviews().preview(
      session,
      Chunks.of([await chunk(0, every(0.1, 86_400, 86_460))]),
      600,
    );
    expect((await stat(cacheFile())).size).toBeLessThan(2000);
  });

  it('takes up a new chunk without reading the others again', async () => {
    const chunks = [await chunk(0, every(0.5, 0, 60))];
    const previews = newPreviews();
    await previews.preview(session, Chunks.of(chunks), 100);
    await rm(join(session.folder, 'chunk_00000.jsonl'));
    chunks.push(await chunk(1, every(0.5, 60, 120)));
    expect(await previews.preview(session, Chunks.of(chunks), 100)).toMatchObject({
      total_rows: 240,
    });
  });

  it('keeps what it made of the chunks beside them, for the next start', async () => {
    const chunks = [await chunk(0, every(0.5, 0, 60)), await chunk(1, every(0.5, 60, 120))];
    const made = await newPreviews().preview(session, Chunks.of(chunks), 100);
    await rm(join(session.folder, 'chunk_00000.jsonl'));
    await rm(join(session.folder, 'chunk_00001.jsonl'));
    expect(await newPreviews().preview(session, Chunks.of(chunks), 100)).toEqual(made);
    const later = Chunks.of([...chunks, await chunk(2, every(0.5, 125, 185))]);
    const goneOn = await newPreviews().preview(session, later, 100);
    expect(goneOn).toMatchObject({ total_rows: 360, gap_from_s: [119.5], gap_to_s: [125] });
  });

  it.each<[string, () => Promise<void>]>([
    ['missing', () => rm(cacheFile())],
    ['torn', async () => truncate(cacheFile(), (await stat(cacheFile())).size - 9)],
    [
      'changed',
      async () =>
        writeFile(cacheFile(), (await readFile(cacheFile(), 'utf8')).replaceAll('120', '121')),
    ],
    ['followed by nonsense', () => appendFile(cacheFile(), '\nnonsense {"sha256":')],
  ])('makes anew what is %s in the cache', async (_, spoil) => {
    const chunks = [await chunk(0, every(0.5, 0, 60)), await chunk(1, every(0.5, 60, 120))];
    const made = await newPreviews().preview(session, Chunks.of(chunks), 100);
    await spoil();
    expect(await newPreviews().preview(session, Chunks.of(chunks), 100)).toEqual(made);
    for (const { filename } of chunks) await rm(join(session.folder, filename));
    expect(await newPreviews().preview(session, Chunks.of(chunks), 100)).toEqual(made);
    expect(warnings).toEqual([]);
  });

  it('does without a cache that can not be kept, and says so', async () => {
    const chunks = [await chunk(0, every(0.5, 0, 60))];
    const previews = newPreviews();
    // A folder in the place of the file: it can neither be read nor be written.
    await mkdir(cacheFile());
    expect(await previews.preview(session, Chunks.of(chunks), 100)).toMatchObject({
      total_rows: 120,
    });
    expect(warnings).toHaveLength(2);
  });

  it('counts lines that it can not read, and shows the rest', async () => {
    const chunks = [await chunk(0, every(0.5, 0, 60))];
    await appendFile(join(session.folder, 'chunk_00000.jsonl'), 'nonsense\nmore nonsense\n');
    const expected = { total_rows: 120, damaged_lines: 2 };
    expect(await newPreviews().preview(session, Chunks.of(chunks), 100)).toMatchObject(expected);
    expect(await newPreviews().preview(session, Chunks.of(chunks), 100)).toMatchObject(expected);
  });

  it('reads each chunk once when several ask at the same time', async () => {
    const chunks = [await chunk(0, every(0.01, 0, 60)), await chunk(1, every(0.01, 60, 120))];
    const previews = newPreviews();
    const all = await Promise.all(
      [100, 200, 300].map((points) => previews.preview(session, Chunks.of(chunks), points)),
    );
    expect(all.map(({ total_rows }) => total_rows)).toEqual([12_000, 12_000, 12_000]);
  });

  it('counts from the start of the session where rows have no elapsed time, and leaves markers out', async () => {
    await writeFile(
      join(session.folder, 'chunk_00000.csv'),
      'timestamp,sensor_id,mode,value,TempC,Vin\n' +
        '2025-11-12T14:30:46.000000+00:00,QSR-2150,freerun,0.5,26.85,7.494\n' +
        '2025-11-12T14:30:46.500000+00:00,QSR-2150,SYNC_START,17,,\n' +
        '2025-11-12T14:30:55.000000+00:00,QSR-2150,freerun,0.7,26.85,7.494\n',
    );
    const chunks = [chunkOf(0, 'chunk_00000.csv', 'its own', 3)];
    const preview = await newPreviews().preview(session, Chunks.of(chunks), 5000);
    expect(preview).toMatchObject({ elapsed_s: [1, 10], mean: [0.5, 0.7], total_rows: 2 });
  });

  it('knows nothing more of a session that was deleted', async () => {
    const previews = newPreviews();
    const chunks = [await chunk(0, every(0.5, 0, 60))];
    await previews.preview(session, Chunks.of(chunks), 100);
    previews.forget(SESSION_ID);
    await rm(session.folder, { recursive: true });
    await expect(previews.preview(session, Chunks.of(chunks), 100)).rejects.toThrow('ENOENT');
  });
});
