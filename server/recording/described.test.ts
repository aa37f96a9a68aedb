import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import { CLOCK_STEPS_LISTED, type Described } from '../../shared/metadata.ts';
import { Bench, OPTIONS, verifiedRows } from '../../test/support/recorder-bench.ts';
import { readEvents } from '../format/events.ts';
import { readMetadata } from '../format/metadata.ts';

const sensor = {
  sensor_id: 'Q0123',
  ...{ calibration_units: 'uE/(cm2 s)', calibration_factor: 1.5, firmware: '4.003' },
} as SensorConfig;

async function described(bench: Bench, id: string): Promise<Partial<Described>> {
  const metadata: Partial<Described> | null = await readMetadata(bench.folder(id));
  return metadata ?? {};
}

test('a session says what its values are, from when the sensor is known', async () => {
  const bench = await Bench.make({ collector: () => 'scalar' });
  const { session_id } = await bench.recorder.start(OPTIONS);
  expect(await described(bench, session_id)).toMatchObject({
    ...{ collector: 'scalar', cf_factor: null, immersion_factor_applied: false, clock_steps: [] },
    cf_note: expect.stringContaining('not identified'),
  });
  bench.recorder.updateSensor(sensor);
  await bench.recorder.stop();
  expect(await described(bench, session_id)).toMatchObject({
    ...{ collector: 'scalar', cf_units: 'mol m-2 s-1', cf_factor: 0.01 },
    cf_standard_name: 'downwelling_photosynthetic_photon_spherical_irradiance_in_sea_water',
  });
});

test('the times before a step of the clock can be put right from the metadata alone', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  const times: number[] = [];
  for (const step of [0, 3600, -7.25]) {
    bench.clock.step(step);
    if (step !== 0) bench.recorder.clockStepped(step, bench.clock.now());
    bench.record(3, 7);
    times.push(bench.clock.wallMicros - bench.clock.mono * 1e6);
  }
  await bench.recorder.stop();
  const { clock_steps = [], clock_step_count } = await described(bench, session_id);
  expect(clock_step_count).toBe(2);
  const right = (await verifiedRows(bench.folder(session_id))).map((row) => {
    const later = clock_steps.filter(({ elapsed_s }) => row.elapsed_s < elapsed_s);
    const step = later.reduce((sum, { step_s }) => sum + step_s, 0);
    return Date.parse(row.timestamp) + step * 1000 - row.elapsed_s * 1000;
  });
  expect(right).toHaveLength(9);
  for (const start of right) expect(Math.abs(start - (right[8] ?? 0))).toBeLessThanOrEqual(1);
  const events = (await readEvents(bench.folder(session_id))).filter(
    ({ kind }) => kind === 'clock_step',
  );
  expect(events).toMatchObject(clock_steps);
});

test('a clock that keeps jumping does not let the file grow', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  for (let step = 0; step < CLOCK_STEPS_LISTED + 5; step += 1) {
    bench.recorder.clockStepped(1, bench.clock.now());
  }
  await bench.recorder.stop();
  const { clock_steps, clock_step_count } = await described(bench, session_id);
  expect(clock_steps).toHaveLength(CLOCK_STEPS_LISTED);
  expect(clock_step_count).toBe(CLOCK_STEPS_LISTED + 5);
});

test('a clock that was set while the service was down is a step too', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  bench.record(5);
  await bench.recorder.suspend();
  const next = await bench.restarted(7);
  next.clock.step(1000);
  await next.recover();
  await next.recorder.stop();
  const { clock_steps = [] } = await described(bench, session_id);
  expect(clock_steps).toHaveLength(1);
  expect(clock_steps[0]?.step_s).toBeCloseTo(1000, 3);
});

test('a session of an older version is listed and goes on, and its own words stay', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  bench.record(5);
  await bench.recorder.suspend();
  const path = join(bench.folder(session_id), 'metadata.json');
  const { collector, cf_factor, cf_note, cf_units, cf_standard_name, ...stored } = JSON.parse(
    await readFile(path, 'utf8'),
  );
  const { immersion_factor_applied, clock_steps, clock_step_count, ...old } = stored;
  const words = { collector: 'Anna, by boat', cf_factor: ['a'], clock_steps: 'none' };
  await writeFile(path, JSON.stringify({ ...words, ...old, schema_version: 1 }));

  const next = await bench.restarted();
  await next.recover();
  next.recorder.updateSensor(sensor);
  next.recorder.clockStepped(5, next.clock.now());
  next.record(5);
  expect(await next.recorder.stop()).toMatchObject({ session_id, total_rows: 10 });
  expect(await described(bench, session_id)).toMatchObject({ ...words, sensor_id: 'Q0123' });
  const catalogue = next.catalogue();
  expect(await catalogue.session(session_id)).toMatchObject({ metadata: words });
  expect((await readEvents(bench.folder(session_id))).map(({ kind }) => kind)).toContain(
    'clock_step',
  );
});

test('where the metadata was lost, nothing is said that is not known', async () => {
  const bench = await Bench.make();
  const { session_id } = await bench.recorder.start(OPTIONS);
  bench.record(5);
  await bench.recorder.suspend();
  await writeFile(join(bench.folder(session_id), 'metadata.json'), '');
  await (await bench.restarted()).recover();
  expect(await described(bench, session_id)).toMatchObject({
    ...{ collector: null, cf_standard_name: null, cf_factor: null },
  });
});
