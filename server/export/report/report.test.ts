import { expect, test } from 'vitest';
import { report as schema } from '../../../shared/api/report.ts';
import { deployment } from '../../../shared/archive/deployment.ts';
import { isoMicros } from '../../../shared/clock.ts';
import { chunkOf, START_MICROS, writeVehicle } from '../../../test/support/dive-files.ts';
import { addVehicleRow, compared, lightSession } from '../../../test/support/track-session.ts';
import { Chunks } from '../../format/chunks.ts';
import type { ExportSession } from '../export-session.ts';
import { Previews } from '../plots/preview.ts';
import { Profiles } from '../plots/profile.ts';
import { reportHtml } from './html.ts';
import { makeReport } from './report.ts';

/** What the session's files give, by the product's own makers of pictures and profiles. */
async function reported(session: ExportSession) {
  const { folder, startTime, detail } = session;
  const chunks = Chunks.of([chunkOf(0, 'chunk_00000.jsonl', 'x', 20)]);
  const sessionId = detail.summary.session_id;
  const preview = await new Previews(() => undefined).preview(
    { sessionId, folder, startTime },
    chunks,
    600,
  );
  const source = { ...session, sessionId, chunks, isFinished: false };
  const profile = await new Profiles(() => undefined).profile(source, 0);
  const onDisk = { ...detail, chunks, damage: [] };
  return makeReport(session, { preview, profile, session: onDisk, software: '9.9.9' });
}

test('it has what the files and people tell, and is as its schema says', async () => {
  const session = await lightSession();
  await addVehicleRow(session.folder, 0.5, { depth_m: 0.5 });
  await addVehicleRow(session.folder, 1.5, { depth_m: 1.5, latitude_deg: 42.7 });
  session.deployment = deployment.parse({ title: 'Kelp light', investigators: ['A. Lima'] });
  const report = await reported(session);
  expect(schema.parse(report)).toEqual(report);
  expect(report).toMatchObject({
    ...{ title: 'Kelp light', rows: 20, began: isoMicros(START_MICROS) },
    light: { units: 'umol/(m2 s)', smallest: 0, largest: 9.5, dark_offset: 0 },
    track: { points: 2, latitude_deg: [42.6, 42.7] },
    methods: { reported_by: '9.9.9', recorded_by: null },
  });
  expect(report.citation).toContain('A. Lima (2025): Kelp light.');
  const depths = report.over_time.depth_m.filter((depth) => depth !== null);
  expect(Math.max(...depths)).toBeCloseTo(1.5);
  expect(report.files.map(({ filename }) => filename)).toEqual(['chunk_00000.jsonl']);
});

test('times are those of the clock that the one of the vehicle was compared with', async () => {
  const session = await lightSession();
  session.events = [compared(5, { offset_s: 3600 })];
  const report = await reported(session);
  expect([report.began, report.ended]).toEqual([
    isoMicros(START_MICROS + 3600e6),
    isoMicros(START_MICROS + 3610e6),
  ]);
  expect(report.clock.join(' ')).toContain('by the clock of topside +3600.000 s, within 0.020 s.');
  expect(report.clock.join(' ')).not.toContain('nobody compared');
});

test('times are those after steps of the clock, and gaps stand in words', async () => {
  const session = await lightSession();
  const event = (elapsed_s: number, kind: string, more = {}) => ({
    ...{ timestamp: isoMicros(START_MICROS + elapsed_s * 1e6), elapsed_s, kind, detail: kind },
    ...more,
  });
  session.events = [event(2, 'sensor_silent'), event(5, 'clock_step', { step_s: 60 })];
  const report = await reported(session);
  expect(report.began).toBe(isoMicros(START_MICROS + 60e6));
  expect(report.notes).toEqual([
    { timestamp: isoMicros(START_MICROS + 62e6), kind: 'sensor_silent', detail: 'sensor_silent' },
  ]);
  expect(report.clock.join(' ')).toContain('the clock was set by 60.000 s');
});

test('the page needs nothing from elsewhere, and no text of people becomes markup', async () => {
  const session = await lightSession();
  const bare = reportHtml(await reported(session));
  expect(bare).toContain('The vehicle told no position.');
  expect(bare).toContain('The vehicle told no depth.');
  await writeVehicle(session.folder, [0, 10], (elapsed) => elapsed);
  session.deployment = deployment.parse({
    title: '<script>alert(1)</script>',
    sky_and_sea: '"><img src=x onerror=alert(1)>',
  });
  const html = reportHtml(await reported(session));
  expect(html).not.toMatch(/<script|<img|<link|https?:|url\(|@import/);
  expect(html.match(/<svg /g)).toHaveLength(4);
  expect(html).not.toContain('NaN');
  expect(html).toContain('&lt;script&gt;');
});

test('a session without any reading has a report all the same', async () => {
  const session = await lightSession();
  const preview = { ...(await reported(session)).over_time };
  const empty = { ...(await reported(session)), over_time: { ...preview, mean: [], min: [] } };
  expect(reportHtml(empty)).toContain('There are no finalized readings.');
});
