import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Clock, Instant } from '../../shared/clock.ts';
import { NO_STALLS } from '../../shared/stalls.ts';
import { type VehicleSample, vehicleValues } from '../../shared/vehicle.ts';
import { SEA } from '../../test/support/recorder-bench.ts';
import { machineTime, SystemClock } from '../clock.ts';
import { SimulatedMavlink2Rest } from '../simulator/vehicle/mavlink2rest.ts';
import { type Motion, yoyo } from '../simulator/vehicle/motion.ts';
import { type Surface, SurfacePressure } from './surface-pressure.ts';
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

const AT: Motion = {
  ...{ depthM: 12.5, headingDeg: 350, latDeg: 42.6, lonDeg: -8.9, waterTempC: 13.25 },
  ...{ rollDeg: 4, pitchDeg: -3, lamps: 0.5 },
};

/** Where nobody listens. */
const NO_PORT = 1;

let clock: ShiftedClock;
let samples: VehicleSample[];
let told: string[];
let surfaces: Surface[];
/** The system id that is set. */
let wanted: number | null;

beforeEach(() => {
  clock = new ShiftedClock();
  [samples, told, surfaces, wanted] = [[], [], [], null];
});

/** Whether the stand-in's WebSocket opens. */
let how: 'listened to' | 'asked';

async function standIn(given = new SimulatedMavlink2Rest(() => AT), port = 0) {
  if (how === 'asked') given.streamPaths = [];
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
    surfaced: (surface: Surface) => surfaces.push(surface),
  };
  const link = new VehicleLink(address, {
    ...{ clock, stalls: NO_STALLS, listener },
    wanted: () => wanted,
    ...{ depth: () => SEA, surface: new SurfacePressure(), directPort: NO_PORT },
  });
  link.start();
  onTestFinished(() => link.stop());
  return link;
}

/** All that is sent has come. */
function isWhole({ values }: VehicleSample): boolean {
  const { depth_age_s, heading_age_s, position_age_s, gps_age_s, lamps_age_s } = values;
  const ages = [depth_age_s, heading_age_s, position_age_s, gps_age_s, lamps_age_s];
  return ages.every((age) => age !== null) && values.depth_source === 'pressure';
}

/** The first of the samples from now on that is so. */
async function next(isSo = isWhole): Promise<VehicleSample> {
  const from = samples.length;
  await expect.poll(() => samples.slice(from).some(isSo), { interval: 20 }).toBe(true);
  return samples.slice(from).find(isSo) as VehicleSample;
}

describe.each(['listened to', 'asked'] as const)('mavlink2rest is %s', (way) => {
  beforeEach(() => {
    how = way;
  });

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
    const errors: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      const { at, values } = await next();
      const sentAt = at.mono - begun - (values.depth_age_s ?? 0);
      errors.push(Math.abs((values.depth_m ?? 0) - sentAt));
    }
    // A machine that is busy hands one or the other over late.
    const [median = 1] = errors.toSorted((a, b) => a - b).slice(4);
    expect(median).toBeLessThan(0.15);
  });

  const ALL_VALUES = {
    ...{ depth_m: 12.5, latitude_deg: 42.6, heading_deg: 350, water_temperature_c: 13.25 },
  };

  /** What comes in messages that may be missing. */
  const WHERE = {
    ...{ depth_source: 'pressure', relative_alt_m: -12.5, alt_msl_m: 22.5, alt_gps_m: 0 },
    ...{ press_abs_hpa: expect.closeTo(2269.72, 1), surface_press_hpa: 1013.25 },
    ...{ roll_deg: 4, pitch_deg: -3, yaw_deg: -10, fix_type: 3, satellites: 9, eph: 1.21 },
    ...{ position_source: 'GPS', lamps: { Lights1: 0.5 }, armed: true },
    autopilot_utc: expect.stringMatching(/^20\d\d-/),
  };

  test.each([
    [
      'SCALED_PRESSURE2',
      {
        ...{ water_temperature_c: null, depth_source: 'relative_alt' },
        ...{ press_abs_hpa: null, surface_press_hpa: null },
      },
    ],
    [
      'GLOBAL_POSITION_INT',
      {
        ...{ latitude_deg: null, relative_alt_m: null, position_age_s: null },
        position_source: null,
      },
    ],
    [
      'GPS_RAW_INT',
      {
        ...{ fix_type: null, satellites: null, eph: null, alt_gps_m: null },
        position_source: 'EKF',
      },
    ],
    ['ATTITUDE', { roll_deg: null, pitch_deg: null, yaw_deg: null, attitude_age_s: null }],
    ['NAMED_VALUE_FLOAT', { lamps: null }],
    ['SYSTEM_TIME', { autopilot_utc: null }],
    ['VFR_HUD', { heading_deg: null, heading_age_s: null, alt_msl_m: null }],
  ])('a %s that never came gives nulls, and the others go on', async (name, nulls) => {
    const { rest, address } = await standIn();
    rest.missing = [name];
    const link = follow(address);
    await next(() => true);
    clock.monoS += 2;
    await expect
      .poll(() => samples.at(-1)?.values)
      .toMatchObject({ ...ALL_VALUES, ...WHERE, ...nulls });
    const ofNulls = (key: string) => nulls[key as keyof typeof nulls] === null;
    for (const { values } of samples) {
      for (const key of Object.keys(nulls).filter(ofNulls)) {
        expect(values[key as keyof typeof values]).toBeNull();
      }
    }
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

  test('a silent autopilot is lost within two seconds, its values are null when they are old, and it is back once', async () => {
    const { rest, address } = await standIn();
    const link = follow(address);
    await next();
    rest.isSilent = true;
    clock.monoS += 2;
    await expect.poll(() => link.reachable).toBe(false);
    const count = samples.length;
    expect(link.values().depth_m).toBe(12.5);
    clock.monoS += 4;
    await expect.poll(() => link.values().depth_m).toBeNull();
    expect(link.values().depth_age_s).toBeGreaterThan(5);
    await expect.poll(() => link.problem).toMatch(/no new message|hears no autopilot/);
    expect(samples).toHaveLength(count);
    rest.isSilent = false;
    await next(({ values }) => (values.depth_age_s ?? 99) < 1);
    expect(
      told.filter((text) => /^(lost|back)/.test(text)).map((text) => text.slice(0, 4)),
    ).toEqual(['lost', 'back']);
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
      await expect
        .poll(() => link.problem)
        .toMatch(/within a second|answers 502|no JSON|unknown form/);
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
});
