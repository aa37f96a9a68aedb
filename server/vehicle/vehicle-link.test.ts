import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Clock, Instant } from '../../shared/clock.ts';
import { NO_STALLS } from '../../shared/stalls.ts';
import { type VehicleSample, vehicleValues } from '../../shared/vehicle.ts';
import { machineTime, SystemClock } from '../clock.ts';
import { SimulatedMavlink2Rest } from '../simulator/mavlink2rest.ts';
import { type Motion, yoyo } from '../simulator/motion.ts';
import { VehicleLink } from './vehicle-link.ts';

/** The machine's clocks, and what a test adds to them. */
class ShiftedClock implements Clock {
  readonly #real = new SystemClock(machineTime());
  wallS = 0;
  monoS = 0;

  now(): Instant {
    const { wallMicros, mono } = this.#real.now();
    return { wallMicros: wallMicros + (this.wallS + this.monoS) * 1e6, mono: mono + this.monoS };
  }
}

const AT: Motion = { depthM: 12.5, headingDeg: 350, latDeg: 42.6, lonDeg: -8.9, waterTempC: 13.25 };

let clock: ShiftedClock;
let samples: VehicleSample[];
let told: string[];
/** The system id that is set. */
let wanted: number | null;

beforeEach(() => {
  clock = new ShiftedClock();
  [samples, told, wanted] = [[], [], null];
});

async function standIn(given = new SimulatedMavlink2Rest(() => AT), port = 0) {
  const address = await given.start(port);
  onTestFinished(() => given.stop());
  return { rest: given, address };
}

function follow(address: string): VehicleLink {
  const listener = {
    sampled: (sample: VehicleSample) => samples.push(sample),
    lost: (detail: string) => told.push(`lost: ${detail}`),
    back: (detail: string) => told.push(`back: ${detail}`),
    told: (detail: string) => told.push(detail),
  };
  const link = new VehicleLink(address, {
    ...{ clock, stalls: NO_STALLS, listener },
    wanted: () => wanted,
  });
  link.start();
  onTestFinished(() => link.stop());
  return link;
}

/** The first of the samples from now on that is so. */
async function next(isSo: (sample: VehicleSample) => boolean = () => true): Promise<VehicleSample> {
  const from = samples.length;
  await expect.poll(() => samples.slice(from).some(isSo), { interval: 20 }).toBe(true);
  return samples.slice(from).find(isSo) as VehicleSample;
}

test('depth, position, heading and temperature come with their ages, in their units', async () => {
  follow((await standIn()).address);
  const { values } = await next();
  expect(vehicleValues.parse(values)).toEqual(values);
  expect(values).toMatchObject({
    ...{ depth_m: 12.5, heading_deg: 350, latitude_deg: 42.6, longitude_deg: -8.9 },
    water_temperature_c: 13.25,
  });
  for (const age of [values.depth_age_s, values.position_age_s, values.water_temperature_age_s]) {
    expect(age).toBeLessThan(1);
  }
  expect(told).toEqual([expect.stringMatching(/^The vehicle’s data comes from http:/)]);
});

test('the depth is that of the moment: of the flight when the message was sent', async () => {
  const begun = clock.now().mono;
  const seconds = () => clock.now().mono - begun;
  follow(
    (await standIn(new SimulatedMavlink2Rest((s) => ({ ...AT, depthM: s }), seconds))).address,
  );
  for (let count = 0; count < 8; count += 1) {
    const { at, values } = await next();
    const sentAt = at.mono - begun - (values.depth_age_s ?? 0);
    expect(Math.abs((values.depth_m ?? 0) - sentAt)).toBeLessThan(0.05);
  }
});

const ALL_VALUES = {
  ...{ depth_m: 12.5, latitude_deg: 42.6, heading_deg: 350, water_temperature_c: 13.25 },
};

test.each([
  ['SCALED_PRESSURE2', { water_temperature_c: null, water_temperature_age_s: null }],
  ['GLOBAL_POSITION_INT', { depth_m: null, depth_age_s: null, latitude_deg: null }],
  ['VFR_HUD', { heading_deg: null, heading_age_s: null }],
])('a %s that never came gives nulls, and the others go on', async (name, nulls) => {
  const { rest, address } = await standIn();
  rest.missing = [name];
  const link = follow(address);
  const { values } = await next();
  expect(values).toMatchObject({ ...ALL_VALUES, ...nulls });
  expect([link.problem, link.system]).toEqual([null, 1]);
});

test('the vehicle is whoever’s autopilot is heard, whatever its system id', async () => {
  const { rest, address } = await standIn();
  rest.systemIds = [42];
  const link = follow(address);
  expect((await next()).values).toMatchObject(ALL_VALUES);
  expect(link.system).toBe(42);
});

test('of several autopilots the one that is set is asked; the problem names those that are heard', async () => {
  const { rest, address } = await standIn();
  rest.systemIds = [3, 7];
  const link = follow(address);
  await expect.poll(() => link.problem).toContain('More than one autopilot is heard: 3, 7.');
  expect([link.system, samples]).toEqual([null, []]);
  wanted = 9;
  await expect.poll(() => link.problem).toMatch(/system id 9 is heard\. There are: 3, 7\./);
  wanted = 7;
  expect((await next()).values).toMatchObject(ALL_VALUES);
  expect([link.system, link.problem]).toEqual([7, null]);
  wanted = 9;
  await expect.poll(() => link.values().depth_m).toBeNull();
  expect(link.system).toBeNull();
});

test('without an autopilot that is said, and one that comes later is found', async () => {
  const { rest, address } = await standIn();
  rest.systemIds = [];
  const link = follow(address);
  await expect.poll(() => link.problem).toContain('hears no autopilot');
  rest.systemIds = [2];
  expect((await next()).values).toMatchObject(ALL_VALUES);
  expect(link.system).toBe(2);
});

test('without a fix there is no position, but an age', async () => {
  const adrift = new SimulatedMavlink2Rest(() => ({ ...AT, latDeg: 0, lonDeg: 0 }));
  follow((await standIn(adrift)).address);
  const { values } = await next();
  expect(values).toMatchObject({ latitude_deg: null, longitude_deg: null, depth_m: 12.5 });
  expect(values.position_age_s).toBeLessThan(1);
});

test.each([-3600, 3600, 8 * 30 * 86_400])(
  'a wall clock that is set by %i s changes no age',
  async (step) => {
    follow((await standIn()).address);
    await next();
    clock.wallS += step;
    for (let count = 0; count < 5; count += 1) {
      const { values } = await next();
      expect(values.depth_age_s).toBeLessThan(1);
      expect(values.position_age_s).toBeLessThan(1);
    }
  },
);

test('with another clock than the vehicle’s, the first values are those that are seen to be new', async () => {
  clock.wallS = 365 * 86_400;
  const { rest, address } = await standIn();
  rest.isSilent = true;
  follow(address);
  await expect.poll(() => told).toEqual([expect.stringContaining('no new message')]);
  rest.isSilent = false;
  expect((await next()).values.depth_age_s).toBeLessThan(1);
});

test('an old message that is found at the start is no value', async () => {
  const long = performance.now() / 1000 - 100;
  const rest = new SimulatedMavlink2Rest(yoyo, () => performance.now() / 1000 - long);
  rest.isSilent = true;
  const link = follow((await standIn(rest)).address);
  await expect.poll(() => told).toEqual([expect.stringContaining('no new message')]);
  expect(link.reachable).toBe(false);
  expect(samples).toEqual([]);
});

test('a silent autopilot’s values grow old, then are null; it is lost once, and back once', async () => {
  const { rest, address } = await standIn();
  const link = follow(address);
  await next();
  rest.isSilent = true;
  clock.monoS += 3;
  const aged = await next(({ values }) => (values.depth_age_s ?? 0) > 3);
  expect(aged.values.depth_m).toBe(12.5);
  clock.monoS += 3;
  await expect.poll(() => link.values().depth_m).toBeNull();
  expect(link.values().depth_age_s).toBeGreaterThan(5);
  clock.monoS += 4;
  await expect.poll(() => link.reachable).toBe(false);
  expect(link.problem).toContain('no new message');
  rest.isSilent = false;
  await next(({ values }) => (values.depth_age_s ?? 99) < 1);
  expect(told.map((text) => text.split(':')[0])).toEqual([
    expect.stringContaining('comes from'),
    'lost',
    'back',
  ]);
});

test.each(['hangs', 'in trouble', 'no JSON', 'other JSON'] as const)(
  'where mavlink2rest %s there are no values, one question at a time, and it goes on after that',
  async (trouble) => {
    const { rest, address } = await standIn();
    const link = follow(address);
    await next();
    rest.trouble = trouble;
    clock.monoS += 4;
    await expect.poll(() => link.reachable).toBe(false);
    expect(link.problem).toMatch(/within a second|answers 502|no JSON|unknown form/);
    const asked = rest.requests;
    await expect.poll(() => rest.requests).toBeGreaterThan(asked + 1);
    expect(link.reachable).toBe(false);
    rest.trouble = null;
    await next();
    expect(told.filter((text) => /^(lost|back)/.test(text))).toHaveLength(2);
    expect(rest.mostAtOnce).toBe(1);
  },
);

test('one that is not there is told once and found when it is', async () => {
  const { rest, address } = await standIn();
  await rest.stop();
  const link = follow(address);
  await expect.poll(() => link.problem).toContain('ECONNREFUSED');
  const again = new SimulatedMavlink2Rest(() => AT);
  await again.start(Number(new URL(address).port));
  await next();
  await again.stop();
  await rest.start();
  expect(told).toEqual([
    expect.stringContaining('MAVLINK2REST_URL=off'),
    expect.stringContaining('comes from'),
  ]);
});
