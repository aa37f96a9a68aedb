import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROW_FORMATS } from './row-format.ts';

const READING = {
  ...{ wallMicros: 1_763_467_201_123_456, mono: 5, mode: 'freerun' as const, value: '0.010046' },
  ...{ temperature: '27.68', voltage: null },
};

test('a reader of CSV rows who splits at every comma finds six fields, whatever the sensor is called', () => {
  fc.assert(
    fc.property(fc.string(), (sensorId) => {
      const text = ROW_FORMATS.csv.line({ ...READING, sensorId }, 0, 0);
      const [line = '', ...more] = text.split(/\r\n|\r|\n/);
      expect(more).toEqual(['']);
      const [timestamp, sensor, ...others] = line.split(',');
      expect(timestamp).toBe('2025-11-18T12:00:01.123456+00:00');
      expect(sensor).not.toContain('"');
      expect(others).toEqual(['freerun', '0.010046', '27.68', '']);
    }),
    { examples: [['7,"8'], ['a\r\nb']] },
  );
});
