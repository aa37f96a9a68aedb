import { expect, test } from 'vitest';
import { flatMetadata } from './metadata.ts';

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
