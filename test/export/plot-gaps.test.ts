import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Previews } from '../../server/export/plots/preview.ts';
import { Chunks } from '../../server/format/chunks.ts';
import { isoMicros } from '../../shared/clock.ts';
import { Columns } from '../../web/lib/series/columns.ts';
import { fillColumns } from '../../web/lib/series/fill.ts';
import { historyOf } from '../../web/lib/series/history.ts';
import { ReadingRing } from '../../web/lib/series/ring.ts';
import { runsOf } from '../../web/lib/series/runs.ts';
import { sparkline } from '../../web/lib/sessions/sparkline.ts';
import { START_MICROS, writeChunk } from '../support/dive-files.ts';
import { temporaryFolder } from '../support/server.ts';

/** As the page asks for a session's plot. */
const POINTS = 5000;
/** The server's own bins are this fine at the least. */
const MOST_ROWS = 20_000;

/** Chunks of a session on disk, as the server sums them up for the page. */
async function previewOf(elapsed: readonly number[], chunkS: number) {
  const folder = await temporaryFolder();
  const readings = new Map<number, [number, number][]>();
  for (const seconds of elapsed) {
    const index = Math.floor(seconds / chunkS);
    const rows = readings.get(index) ?? [];
    rows.push([seconds, 1.5]);
    readings.set(index, rows);
  }
  const written = [...readings].map(([index, rows]) => writeChunk(folder, index, rows));
  const session = { sessionId: 'x', folder, startTime: isoMicros(START_MICROS) };
  const previews = new Previews(() => undefined);
  return previews.preview(session, Chunks.of(await Promise.all(written)), POINTS);
}

/** Into how many runs, with gaps between them, the plot of a whole session falls. */
async function runsIn(elapsed: readonly number[], columns: number, chunkS = 60): Promise<number> {
  const preview = await previewOf(elapsed, chunkS);
  const history = historyOf(preview, 0);
  const shown = new Columns();
  const to = ((elapsed.at(-1) ?? 0) + preview.bin_s) * 1000;
  fillColumns(shown, { from: 0, to, columns }, { ring: new ReadingRing(), gaps: [], history });
  const inSparkline = sparkline(preview, 120, 30).split('M').length - 1;
  const runs = runsOf(shown, []).length;
  // A picture of a few pixels may not show a short gap, and never shows one that is not there.
  expect(inSparkline).toBeLessThanOrEqual(Math.max(1, preview.gap_from_s.length + 1));
  return runs;
}

/** Adapters give bursts of 16 ms, and the pace wavers a little. */
function readings(hertz: number, seconds: number): number[] {
  const count = Math.min(MOST_ROWS, Math.floor(hertz * seconds));
  return Array.from({ length: count }, (_, i) => Math.ceil((i * 1.034) / hertz / 0.016) * 0.016);
}

test.each([
  [1, 3600],
  [5, 600],
  [5, 1000],
  [15, 200],
  [15, 1200],
  [100, 120],
])('a complete session at %i Hz for %i s has no gap in its plot', async (hertz, seconds) => {
  for (const columns of [320, 700, 1200])
    expect(await runsIn(readings(hertz, seconds), columns)).toBe(1);
});

test('whatever the rate, the length and the width, complete readings have no gap', async () => {
  const rate = fc.double({ min: 0.05, max: 200, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      rate,
      fc.double({ min: 5, max: 4000, noNaN: true }),
      fc.integer({ min: 50, max: 1500 }),
      fc.constantFrom(1, 15, 60, 600),
      async (hertz, seconds, columns, chunkS) => {
        const elapsed = readings(hertz, seconds);
        if (elapsed.length > 1) expect(await runsIn(elapsed, columns, chunkS)).toBe(1);
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

test('a true gap is shown, wherever it begins', async () => {
  for (const [hertz, seconds, from, to] of [
    [1, 3600, 1000.3, 1040],
    [5, 800, 60, 64],
    [15, 300, 119.9, 123],
  ] as const) {
    const elapsed = readings(hertz, seconds).filter((time) => time < from || time > to);
    expect([hertz, await runsIn(elapsed, 1200)]).toEqual([hertz, 2]);
  }
});
