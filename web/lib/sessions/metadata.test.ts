import { expect, test } from 'vitest';
import { flatMetadata, sensorUnit } from './metadata.ts';

test('nested metadata becomes lines with dotted names', () => {
  const metadata = {
    mission: 'Kelp',
    sensor: { firmware: '4.003', tag: null },
    divers: ['A', 'B'],
  };
  expect(flatMetadata(metadata)).toEqual([
    ['mission', 'Kelp'],
    ['sensor.firmware', '4.003'],
    ['sensor.tag', 'null'],
    ['divers', '["A","B"]'],
  ]);
});

test('the unit is the one that the sensor had when it was recorded', () => {
  expect(sensorUnit({ sensor: { calibration_units: 'umol/(m2 s)' } })).toBe('µmol/(m²·s)');
  expect(sensorUnit({ sensor: null })).toBe('');
});
