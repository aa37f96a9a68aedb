import { expect, test } from 'vitest';
import { isoMicros } from '../../shared/clock.ts';
import type { VehicleSample } from '../../shared/vehicle.ts';
import { AutopilotLooks } from './autopilot-looks.ts';

const UTC = 1_762_957_845e6;

/** What the vehicle says `mono` seconds after the beginning; the message was `late` seconds under way. */
function sample(mono: number, late: number, fix_type: number | null = 3): VehicleSample {
  const values = {
    autopilot_utc: isoMicros(Math.round(UTC + (mono - late) * 1e6)),
    autopilot_utc_age_s: 0,
    fix_type,
  };
  return { at: { mono, wallMicros: 0 }, values } as VehicleSample;
}

test('of a minute of messages the one that was under way least long counts', () => {
  const looks = new AutopilotLooks();
  looks.take(sample(0, 0.3));
  expect(looks.take(sample(20, 0.01))).toBeNull();
  expect(looks.take(sample(40, 0.5))).toBeNull();
  expect(looks.take(sample(61, 0.2))).toMatchObject({ client: null, mono: 20 });
});

test('without a GPS fix the autopilot knows no UTC', () => {
  const looks = new AutopilotLooks();
  for (const fix of [null, 0, 1, 2]) expect(looks.take(sample(0, 0, fix))).toBeNull();
});
