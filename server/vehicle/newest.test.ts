import { expect, test } from 'vitest';
import { STALE_S } from '../../shared/vehicle.ts';
import { Newest } from './newest.ts';

test('a value that is not replaced is null after 5 s, and its age goes on', () => {
  const newest = new Newest<string>();
  expect(newest.at(0)).toEqual({ value: null, age: null });
  newest.put('x', 10);
  expect(newest.at(10 + STALE_S)).toEqual({ value: 'x', age: STALE_S });
  expect(newest.at(10 + STALE_S + 0.5)).toEqual({ value: null, age: STALE_S + 0.5 });
  newest.put('y', 20);
  expect(newest.at(19.9)).toEqual({ value: 'y', age: 0 });
});
