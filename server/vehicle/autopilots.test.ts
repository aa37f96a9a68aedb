import { expect, test } from 'vitest';
import { autopilots, chooseVehicle } from './autopilots.ts';

const ARDUPILOT = 'MAV_AUTOPILOT_ARDUPILOTMEGA';

/** A system as mavlink2rest tells it, whose component sent a HEARTBEAT at this second. */
function system(id: number, autopilot: string, second = 30, component = 1): [string, object] {
  const message = { type: 'HEARTBEAT', autopilot: { type: autopilot }, base_mode: { bits: 81 } };
  const time = { counter: 7, last_update: `2026-05-01T12:00:${second}.123456789+02:00` };
  const messages = { HEARTBEAT: { message, status: { time } }, ATTITUDE: null };
  return [String(id), { id, components: { [component]: { id: component, messages } } }];
}
const heard = (...systems: [string, object][]) => autopilots(Object.fromEntries(systems));

test('autopilots are told from ground stations, cameras and companion computers', () => {
  const station = system(255, 'MAV_AUTOPILOT_INVALID', 30, 190);
  const camera = system(9, ARDUPILOT, 30, 100);
  const generic = system(7, 'MAV_AUTOPILOT_INVALID');
  expect(heard(station, system(12, ARDUPILOT), camera, generic, system(2, ARDUPILOT))).toEqual([
    2, 12,
  ]);
  expect(heard(station)).toEqual([]);
});

test('an autopilot that was heard long before another is gone', () => {
  expect(heard(system(1, ARDUPILOT, 10), system(2, ARDUPILOT, 50))).toEqual([2]);
  expect(heard(system(1, ARDUPILOT, 10))).toEqual([1]);
});

test('an answer of another form is told from one without an autopilot', () => {
  for (const answer of [null, 'None', [], { 1: null }, { one: {} }]) {
    expect(autopilots(answer)).toBeNull();
  }
  expect(autopilots({})).toEqual([]);
});

test('the one that is heard is chosen, or the one that is set; never one of several by chance', () => {
  expect(chooseVehicle([5], null)).toEqual({ system: 5 });
  expect(chooseVehicle([1, 2], 2)).toEqual({ system: 2 });
  expect(chooseVehicle([1, 2], null)).toMatchObject({ problem: expect.stringContaining('1, 2') });
  expect(chooseVehicle([1], 2)).toMatchObject({ problem: expect.stringContaining('There are: 1') });
  expect(chooseVehicle([], 2)).toMatchObject({ problem: expect.stringContaining('none at all') });
});
