import { expect, test } from 'vitest';
import type { VehicleValues } from '../../../shared/vehicle.ts';
import { vehicleValues } from '../../../shared/vehicle.ts';
import { instruments, tiltOf } from './instruments.ts';

const NOTHING = Object.fromEntries(
  Object.keys(vehicleValues.shape).map((key) => [key, null]),
) as unknown as VehicleValues;

const ALL: VehicleValues = {
  ...NOTHING,
  depth_source: 'pressure',
  ...{ depth_m: 12.345, depth_age_s: 0.1, heading_deg: 7, heading_age_s: 0.1 },
  ...{ latitude_deg: -42.6, longitude_deg: -8.9, position_age_s: 2.44 },
  ...{ water_temperature_c: 13.25, water_temperature_age_s: 0.3 },
};

test('the vehicle’s values are shown with their units and ages', () => {
  expect(instruments(ALL).map(({ name, text, age }) => [name, text, age])).toEqual([
    ['Depth', '12.35 m by pressure', 'now'],
    ['Heading', '7°', 'now'],
    ['Position', '42.60000°\u00a0S, 8.90000°\u00a0W', '2.4 s old'],
    ['Water temperature', '13.3 °C', 'now'],
  ]);
});

test('tilt, fix, lamps and motors are shown where the vehicle tells them', () => {
  const told = instruments({
    ...ALL,
    ...{ roll_deg: 3, pitch_deg: -4, attitude_age_s: 0.1, fix_type: 3, satellites: 9 },
    ...{ gps_age_s: 0.2, lamps: { Lights1: 0.5, Lights2: 0 }, lamps_age_s: 0.2 },
    ...{ armed: false, armed_age_s: 0.9, altitude_m: null, altitude_age_s: 8 },
  });
  expect(told.slice(4).map(({ name, text, age }) => [name, text, age])).toEqual([
    ['Tilt', '5°', 'now'],
    ['Position quality', '3D fix, 9 satellites', 'now'],
    ['Above the ground', '–', '8.0 s old'],
    ['Lamps', 'on, 50 %', 'now'],
    ['Motors', 'disarmed', 'now'],
  ]);
  expect(tiltOf(0, 90)).toBeCloseTo(90);
});

test('what is not known is a dash, with the reason', () => {
  const [depth, , position, water] = instruments({
    ...ALL,
    ...{ depth_m: null, depth_age_s: 75, latitude_deg: null, position_age_s: 0.2 },
    ...{ water_temperature_c: null, water_temperature_age_s: null },
  });
  expect(depth).toMatchObject({ text: '–', age: '75 s old' });
  expect(position).toMatchObject({ text: '–', age: 'no fix' });
  expect(water).toMatchObject({ text: '–', age: 'not sent' });
});
