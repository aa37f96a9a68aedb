import { expect, test } from 'vitest';
import { averagesOf, dayOfLight, temperatureAt, voltageAt } from './light.ts';
import { defaultSettings } from './settings.ts';

const HOUR = 3600;

function hourlyMean(hour: number): number {
  const light = dayOfLight(1);
  let sum = 0;
  for (let i = 0; i < 600; i += 1) sum += light((hour + i / 600) * HOUR);
  return sum / 600;
}

test('a day of light is bright at noon, dark at night, and comes again', () => {
  expect(hourlyMean(2)).toBeGreaterThan(800);
  expect(hourlyMean(2)).toBeLessThan(2200);
  expect(hourlyMean(8)).toBeLessThan(hourlyMean(2) / 2);
  expect(hourlyMean(14)).toBe(0);
  expect(hourlyMean(26)).toBeGreaterThan(800);
});

test('it depends on nothing but the seed and the time', () => {
  const once = dayOfLight(5);
  const again = dayOfLight(5);
  again(99);
  expect(again(1234.5)).toBe(once(1234.5));
  expect(dayOfLight(6)(1234.5)).not.toBe(once(1234.5));
});

test('in the dark the sensor gives 0.010 with a noise of about 2e-5', () => {
  const averages = averagesOf(() => 0, 1);
  const values = Array.from({ length: 2000 }, (_, i) =>
    Number(averages(0, i, defaultSettings())?.value),
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean).toBeCloseTo(0.01, 5);
  expect(Math.sqrt(variance)).toBeGreaterThan(1.5e-5);
  expect(Math.sqrt(variance)).toBeLessThan(2.5e-5);
});

test('an average is the mean of the light, times the calibration factor', () => {
  const settings = { ...defaultSettings(), averaging: 125, calibrationFactor: 2, decimals: 1 };
  const ramp = averagesOf((seconds) => 1000 * seconds, 1);
  const value = Number(ramp(0, 100, settings)?.value);
  expect(value).toBeGreaterThan(2 * 100_400);
  expect(value).toBeLessThan(2 * 100_700);
});

test('temperature and voltage come in the steps of the device', () => {
  const seconds = Array.from({ length: 5000 }, (_, i) => i * 2);
  const temperatures = new Set(seconds.map((second) => temperatureAt(second).toFixed(2)));
  expect([...temperatures].sort()).toEqual(['26.43', '26.85', '27.26', '27.68']);
  const voltages = new Set(seconds.map((second) => voltageAt(second).toFixed(3)));
  expect([...voltages].sort()).toEqual(['7.494', '7.515']);
});
