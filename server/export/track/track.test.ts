import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { isoMicros } from '../../../shared/clock.ts';
import { VEHICLE_FILE } from '../../../shared/vehicle.ts';
import { START_MICROS } from '../../../test/support/dive-files.ts';
import { addVehicleRow, lightSession } from '../../../test/support/track-session.ts';
import type { ExportSession } from '../export-session.ts';
import { sessionTrack, type TrackFormat } from './track.ts';
import { xml } from './xml.ts';

let session: ExportSession;
beforeEach(async () => {
  session = await lightSession();
});

const track = async (format: TrackFormat) => text(await sessionTrack(session, format));

interface Collection {
  features: { geometry: { coordinates: number[] }; properties: Record<string, unknown> }[];
  lacks: string[];
  light_units: string | null;
}
const points = async (): Promise<Collection> => JSON.parse(await track('geojson'));

test('a session without a position has no track, and says so', async () => {
  await expect(track('gpx')).rejects.toThrow('has no position');
  await addVehicleRow(session.folder, 1, { latitude_deg: null });
  await addVehicleRow(session.folder, 2, { position_age_s: 4 });
  await expect(track('kml')).rejects.toThrow('has no position');
});

test('a point has the light since the one before, and the moment of its position', async () => {
  await addVehicleRow(session.folder, 1.2, { position_age_s: 0.2, fix_type: 3, gps_age_s: 0.1 });
  await addVehicleRow(session.folder, 1.4, { position_age_s: 0.4 });
  await addVehicleRow(session.folder, 2.2);
  const { features, light_units } = await points();
  expect(light_units).toBe('umol/(m2 s)');
  expect(features).toHaveLength(2);
  expect(features[0]).toMatchObject({
    geometry: { coordinates: [-8.9, 42.6, -1.2] },
    properties: { elapsed_s: 1, time: isoMicros(START_MICROS + 1e6), readings: 3, fix_type: 3 },
  });
  expect(features[1]?.properties).toMatchObject({
    ...{ light_mean: 1.75, light_min: 1.5, light_max: 2, readings: 2, fix_type: null },
    ...{ after_lost_position: false, depth_m: 2.2, satellites: null, hdop: null },
  });
});

test('a lost position breaks the line, and what is not known is not there', async () => {
  await addVehicleRow(session.folder, 1);
  await addVehicleRow(session.folder, 6, { depth_m: null });
  await addVehicleRow(session.folder, 11, { depth_age_s: 3 });
  const { features, lacks } = await points();
  expect(features.map(({ geometry }) => geometry.coordinates.length)).toEqual([3, 2, 2]);
  expect(features.map(({ properties }) => properties['light_mean'])).toEqual([0.5, 5.25, 9.5]);
  expect(lacks).toContain('The depth of 2 of 3 points is not known.');
  const gpx = await track('gpx');
  expect(gpx.match(/<trkseg>/g)).toHaveLength(3);
  expect(gpx.match(/<ele>/g)).toHaveLength(1);
  const kml = await track('kml');
  expect(kml.match(/<gx:Track>/g)).toHaveLength(3);
  expect(kml.match(/clampToGround/g)).toHaveLength(2);
});

test('times are put right for a step of the clock after them', async () => {
  const step = { timestamp: isoMicros(START_MICROS + 3605e6), elapsed_s: 5, step_s: 3600 };
  session.events = [{ ...step, kind: 'clock_step', detail: 'The clock was set.' }];
  await addVehicleRow(session.folder, 4);
  await addVehicleRow(session.folder, 5, { timestamp: step.timestamp });
  const times = (await points()).features.map(({ properties }) => properties['time']);
  expect(times).toEqual([3604, 3605].map((second) => isoMicros(START_MICROS + second * 1e6)));
});

test('a session whose rows carry no elapsed_s says that its clock can not be put right', async () => {
  const step = { timestamp: session.startTime, elapsed_s: 5, step_s: 3600 };
  session.events = [{ ...step, kind: 'clock_step', detail: 'The clock was set.' }];
  session.byWallClock = true;
  await addVehicleRow(session.folder, 4);
  expect((await points()).lacks.join(' ')).toContain('can not be put right');
});

test('damaged lines are left out and counted', async () => {
  await addVehicleRow(session.folder, 1);
  await appendFile(join(session.folder, VEHICLE_FILE), '{"timestamp":\n');
  await appendFile([...session.paths][0] ?? '', 'garbage\n');
  await addVehicleRow(session.folder, 20);
  const { lacks } = await points();
  expect(lacks).toContain('1 damaged lines of vehicle.jsonl are left out.');
  expect(lacks).toContain('1 damaged lines of chunks are left out.');
});

test('a marker stands at the first point at or after it', async () => {
  const marker = { timestamp: session.startTime, elapsed_s: 1.5, kind: 'marker', detail: 'Kelp' };
  session.events = [marker];
  for (const elapsed of [1, 2, 3]) await addVehicleRow(session.folder, elapsed);
  const { features } = await points();
  expect(features.map(({ properties }) => properties['marker'])).toEqual([null, 'Kelp', null]);
});

test('whatever a text holds, XML can hold it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (any) => {
      const text = xml(any);
      expect(text).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/);
      const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
      expect(codes.filter((code) => code < 32 && ![9, 10, 13].includes(code))).toEqual([]);
    }),
    { numRuns: 30 },
  );
});
