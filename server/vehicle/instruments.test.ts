import { expect, test } from 'vitest';
import { SEA } from '../../test/support/recorder-bench.ts';
import { FAIR, SimulatedAutopilot, type World } from '../simulator/vehicle/mavlink-messages.ts';
import { yoyo } from '../simulator/vehicle/motion.ts';
import type { DepthSettings } from './depth.ts';
import { Instruments } from './instruments.ts';
import { isArmed, type MessageName } from './messages.ts';

/** What the instruments say of a dive, twice a second, with the true depth. */
function dive(world: Partial<World>, settings: DepthSettings = SEA, missing: string[] = []) {
  const around = { ...FAIR, ...world };
  const autopilot = new SimulatedAutopilot(yoyo, around);
  const instruments = new Instruments(() => settings);
  const names = autopilot.names.filter((name) => !missing.includes(name)) as MessageName[];
  // It lies at the surface, disarmed, until it dives.
  const atSurface = new SimulatedAutopilot(() => yoyo(0), { ...around, armed: false });
  const hear = (from: SimulatedAutopilot, until: number, start: number) => {
    const rows = [];
    for (let second = start; second < until; second += 0.1) {
      for (const name of names) {
        const newest = from.newest(name, second - start, 0) as { message: object };
        instruments.take({ system: 1, component: 1, name, fields: newest.message, sentAt: second });
      }
      rows.push({ values: instruments.values(second), trueM: yoyo(second - start - 0.05).depthM });
    }
    return rows;
  };
  hear(atSurface, 15, 0);
  return hear(autopilot, 100, 15);
}

test.each<[string, Partial<World>]>([
  ['an origin at +35 m', { originM: 35 }],
  ['a lake at 372 m', { originM: 372, gpsAltM: 372, surfaceHpa: 969.4 }],
  ['a GPS height that is 8.3 m wrong', { originM: 8.3, gpsAltM: -8.3 }],
  ['no home', { hasHome: false }],
  ['a high', { surfaceHpa: 1045 }],
])('with %s the depth is true to 2 cm and the way of a tenth of a second', (_, world) => {
  for (const { values, trueM } of dive(world)) {
    expect(values.depth_source).toBe('pressure');
    expect(Math.abs((values.depth_m ?? 99) - trueM)).toBeLessThan(0.02 + 0.06);
  }
});

test.each(['SCALED_PRESSURE2', 'GLOBAL_POSITION_INT', 'VFR_HUD', 'GPS_RAW_INT', 'HEARTBEAT'])(
  'without %s the depth is true, or its source says why not',
  (name) => {
    for (const { values, trueM } of dive({}, SEA, [name])) {
      expect(values.depth_source).toBe(name === 'SCALED_PRESSURE2' ? 'relative_alt' : 'pressure');
      expect(Math.abs((values.depth_m ?? 99) - trueM)).toBeLessThan(0.02 + 0.06);
    }
  },
);

test('density and the place of the sensor count', () => {
  const lake = { ...SEA, water_density_kg_m3: 1000, sensor_below_port_m: -0.4 };
  for (const { values, trueM } of dive({ waterDensity: 1000 }, lake)) {
    expect(Math.abs((values.depth_m ?? 99) - (trueM - 0.4))).toBeLessThan(0.02 + 0.06);
  }
});

test('a pressure that stops gives no depth, never an old one, and no other in its place', () => {
  const instruments = new Instruments(() => SEA);
  const take = (name: MessageName, fields: object, sentAt: number) =>
    instruments.take({ ...{ system: 1, component: 1, name }, fields, sentAt });
  take('SCALED_PRESSURE2', { press_abs: 2000, temperature: 1000 }, 0);
  for (let second = 0; second < 20; second += 1) {
    take('GLOBAL_POSITION_INT', { lat: 1, lon: 1, relative_alt: -5000 }, second);
  }
  expect(instruments.values(4)).toMatchObject({ depth_source: 'pressure', depth_age_s: 4 });
  expect(instruments.values(19)).toMatchObject({ depth_m: null, depth_source: null });
});

test('a message in another form is named, and the others go on', () => {
  const instruments = new Instruments(() => SEA);
  const at = { system: 1, component: 1, sentAt: 0 };
  instruments.take({ ...at, name: 'ATTITUDE', fields: { roll: 'level' } });
  instruments.take({ ...at, name: 'VFR_HUD', fields: { alt: 1, heading: 20 } });
  expect(instruments.unclear).toEqual(['ATTITUDE']);
  expect(instruments.values(0).heading_deg).toBe(20);
});

test('armed is read in the spelling of each mavlink2rest', () => {
  expect([{ bits: 209 }, { bits: 81 }].map(isArmed)).toEqual([true, false]);
  const names = 'MAV_MODE_FLAG_CUSTOM_MODE_ENABLED | MAV_MODE_FLAG_SAFETY_ARMED';
  expect([names, 'MAV_MODE_FLAG_MANUAL_INPUT_ENABLED', ''].map(isArmed)).toEqual([
    true,
    false,
    false,
  ]);
});
