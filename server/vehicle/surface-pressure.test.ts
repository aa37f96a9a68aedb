import { expect, test } from 'vitest';
import { depthByPressure } from './depth.ts';
import { type Situation, STANDARD_HPA, SurfacePressure } from './surface-pressure.ts';

const SEA = 1025;
const ARMED: Situation = { armed: true, relativeAltM: -5, waterDensity: SEA };
const DISARMED: Situation = { ...ARMED, armed: false, relativeAltM: null };

/** Five pressures a second; says whether it became known better. */
function hear(surface: SurfacePressure, hpas: readonly number[], situation: Situation, from = 0) {
  return hpas.map((hpa, at) => surface.hear(hpa, from + at / 5, situation)).includes(true);
}
const quiet = (hpa: number, seconds = 11) =>
  Array.from({ length: seconds * 5 }, (_, at) => hpa + (at % 3) * 0.2);

test.each([1013.25, 969, 555, 1055])('a vehicle that lies disarmed finds it: %d hPa', (hpa) => {
  const surface = new SurfacePressure();
  expect(surface.now).toEqual({ hpa: STANDARD_HPA, source: 'standard' });
  expect(hear(surface, quiet(hpa), DISARMED)).toBe(true);
  expect(surface.now.source).toBe('found');
  expect(Math.abs(depthByPressure(hpa, surface.now.hpa, SEA))).toBeLessThan(0.02);
});

test.each<[string, readonly number[], Situation]>([
  ['under water', quiet(1500), DISARMED],
  ['armed, in depth', quiet(1013), ARMED],
  ['where an autopilot was started under water', quiet(1200), { ...ARMED, relativeAltM: 0 }],
  ['for a moment', quiet(1013, 8), DISARMED],
  ['while it moves up and down', Array.from({ length: 60 }, (_, at) => 1010 + (at % 9)), DISARMED],
  ['from a thermometer alone', quiet(0), DISARMED],
])('nothing is found %s', (_, hpas, situation) => {
  const surface = new SurfacePressure();
  expect(hear(surface, hpas, situation)).toBe(false);
  expect(surface.now.source).toBe('standard');
});

test('armed and near home, what is above the sensor is taken off', () => {
  const surface = new SurfacePressure();
  hear(surface, quiet(1013.25 + 30.155), { ...ARMED, relativeAltM: -0.3 });
  expect(surface.now.hpa).toBeCloseTo(1013.45, 1);
});

test('what somebody says counts until it is said again, and only in air', () => {
  const surface = new SurfacePressure();
  expect(surface.sayNow(0)).toBeNull();
  hear(surface, quiet(980, 4), ARMED);
  expect(surface.sayNow(4)).toMatchObject({ source: 'set', hpa: expect.closeTo(980.2, 1) });
  expect(hear(surface, quiet(1013), DISARMED, 10)).toBe(false);
  expect(surface.now.hpa).toBeCloseTo(980.2, 1);
  hear(surface, quiet(2500, 4), ARMED, 40);
  expect(surface.sayNow(44)).toBeNull();
  expect(surface.now.source).toBe('set');
});

test('the weather of another lake replaces what was found before', () => {
  const surface = new SurfacePressure({ hpa: 969, source: 'found' });
  expect(hear(surface, quiet(1013), DISARMED)).toBe(true);
  expect(surface.now.hpa).toBeCloseTo(1013.2, 1);
});
