import { expect, test } from 'vitest';
import type { VehicleValues } from '../../shared/vehicle.ts';
import { SEA } from '../../test/support/recorder-bench.ts';
import { DepthDoubts } from './depth-doubts.ts';
import { Instruments } from './instruments.ts';

const NOTHING = new Instruments(() => SEA).values(0);
const WELL: VehicleValues = {
  ...NOTHING,
  ...{ depth_m: 10, depth_source: 'pressure', press_abs_hpa: 2018, relative_alt_m: -10 },
  ...{ surface_press_hpa: 1013, alt_gps_m: 0, fix_type: 3 },
};

/** Ten looks a second; the kinds that were told, in order. */
function told(
  doubts: DepthDoubts,
  seconds: number,
  at: (second: number) => Partial<VehicleValues>,
) {
  return Array.from({ length: seconds * 10 }, (_, look) => look / 10).flatMap((second) =>
    doubts.look({ ...WELL, ...at(second) }, second).map(({ kind }) => kind),
  );
}

test.each<[string, Partial<VehicleValues>]>([
  ['sources_differ', { relative_alt_m: -11.2 }],
  ['above_surface', { depth_m: -1.5, relative_alt_m: 1.5 }],
  ['surface_pressure', { alt_gps_m: 372, surface_press_hpa: 1013.25 }],
  ['no_pressure', { depth_source: 'vfr_hud', press_abs_hpa: null, surface_press_hpa: null }],
])('%s is told once, in words, when it lasts, and is over when it is', (kind, wrong) => {
  const doubts = new DepthDoubts();
  expect(told(doubts, 5, () => ({}))).toEqual([]);
  expect(told(doubts, 2, () => wrong)).toEqual([]);
  expect(told(new DepthDoubts(), 20, () => wrong)).toEqual([kind]);
  expect(told(doubts, 4, () => wrong)).toEqual([kind]);
  expect(doubts.standing).toEqual([{ kind, detail: expect.stringMatching(/\.$/) }]);
  told(doubts, 1, () => ({}));
  expect(doubts.standing).toEqual([]);
});

test('a height that stands still while the pressure moves is told after a minute', () => {
  const sinking = (second: number) => ({ press_abs_hpa: 2018 + second, depth_m: 10.4 });
  expect(told(new DepthDoubts(), 90, (second) => ({ ...sinking(second) }))).toEqual([
    'stands_still',
  ]);
  const both = (second: number) => ({ ...sinking(second), relative_alt_m: -10 - second / 100 });
  expect(told(new DepthDoubts(), 90, both)).toEqual([]);
});

test('what a spike or an unknown value says is no doubt', () => {
  const spike = (second: number) => (second % 5 < 1 ? { depth_m: 500 } : {});
  expect(told(new DepthDoubts(), 30, spike)).toEqual([]);
  expect(told(new DepthDoubts(), 30, () => NOTHING)).toEqual([]);
});
