import { expect, test } from 'vitest';
import { entriesToMetadata } from './metadata.ts';

test('lines become metadata with numbers where they are numbers', () => {
  const entries = [
    { key: ' operator ', value: 'A. Diver' },
    { key: 'depth_m', value: '12.5' },
    { key: 'serial', value: '007' },
    { key: 'night', value: 'true' },
    { key: '', value: 'no name' },
  ];
  expect(entriesToMetadata(entries)).toEqual({
    operator: 'A. Diver',
    depth_m: 12.5,
    serial: '007',
    night: true,
  });
});
