import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Reading } from '../../shared/reading.ts';
import { machineTime, SystemClock } from '../clock.ts';
import { SimulatedMavlink2Rest } from '../simulator/vehicle/mavlink2rest.ts';
import { yoyo } from '../simulator/vehicle/motion.ts';
import { namedValues, statusTexts } from '../simulator/vehicle/posted.ts';
import { type Figure, MavlinkOut } from './mavlink-out.ts';

const clock = new SystemClock(machineTime());

let rest: SimulatedMavlink2Rest;
let newest: Reading | null;
let isOn: boolean;
let figures: Figure[];
let out: MavlinkOut;
/** How often it has looked whether to send. */
let looks: number;

beforeEach(async () => {
  rest = new SimulatedMavlink2Rest(yoyo);
  [newest, isOn, figures, looks] = [null, true, [], 0];
  const sender = () => {
    looks += 1;
    return isOn ? { system: 2, component: 193 } : null;
  };
  const parts = { clock, latest: () => newest, figures: () => figures, sender };
  out = new MavlinkOut(await rest.start(), parts);
  out.start();
  onTestFinished(async () => {
    out.stop();
    await rest.stop();
  });
});

function reading(value: string, temperature: string | null = '21.50', ageS = 0): Reading {
  const { wallMicros, mono } = clock.now();
  return {
    ...{ wallMicros: wallMicros - ageS * 1e6, mono: mono - ageS, sensorId: 'SIM1' },
    ...{ mode: 'freerun', value, temperature, voltage: null },
  };
}

const sent = () => namedValues(rest.posted);

test('light and temperature go out as MAVLink wants them, each reading once', async () => {
  newest = reading('0.010046');
  await expect.poll(sent).toEqual([
    ['QS_PAR', 0.010046],
    ['QS_TEMP', 21.5],
  ]);
  expect(rest.posted[0]).toMatchObject({
    header: { system_id: 2, component_id: 193, sequence: 0 },
    message: {
      type: 'NAMED_VALUE_FLOAT',
      name: ['Q', 'S', '_', 'P', 'A', 'R', '\0', '\0', '\0', '\0'],
    },
  });
  newest = reading('-1.5', null);
  await expect.poll(sent).toHaveLength(3);
  expect(sent().at(-1)).toEqual(['QS_PAR', -1.5]);
  await expect.poll(() => [out.sent, out.failed]).toEqual([3, 0]);
});

test('an old reading is not sent, nor any while it is turned off', async () => {
  newest = reading('1.0', null, 2.5);
  await expect.poll(() => looks).toBe(1);
  [newest, isOn] = [reading('2.0', null), false];
  await expect.poll(() => looks).toBe(2);
  expect(rest.requests).toBe(0);
  isOn = true;
  newest = reading('3.0', null);
  await expect.poll(sent).toEqual([['QS_PAR', 3]]);
});

test('figures go out each second, with a reading or without', async () => {
  figures = [
    ['QS_REC', 1],
    ['QS_KD', 0.152],
  ];
  await expect.poll(sent).toEqual(figures);
  newest = reading('2.0', null);
  await expect.poll(sent).toEqual([...figures, ['QS_PAR', 2], ...figures]);
});

test('words go out in their order, as MAVLink wants them, and wait until they are taken', async () => {
  rest.trouble = 'in trouble';
  out.say({ severity: 'WARNING', text: 'Light: the sensor is silent' });
  out.say({ severity: 'INFO', text: 'Light: the sensor sends again' });
  await expect.poll(() => out.failed).toBeGreaterThan(1);
  rest.trouble = null;
  await expect
    .poll(() => statusTexts(rest.posted))
    .toEqual([
      'MAV_SEVERITY_WARNING: Light: the sensor is silent',
      'MAV_SEVERITY_INFO: Light: the sensor sends again',
    ]);
  expect(rest.posted[0]).toMatchObject({
    header: { system_id: 2, component_id: 193, sequence: 0 },
    message: { text: [...'Light: the sensor is silent'], id: 0, chunk_seq: 0 },
  });
});

test('what is not taken is counted and told as what it is, and sending goes on', async () => {
  rest.trouble = 'in trouble';
  newest = reading('1.0', null);
  await expect.poll(() => out.failed).toBe(1);
  expect(out.problem).toContain('refuses the message with 502');
  rest.trouble = 'hangs';
  newest = reading('2.0', null);
  await expect.poll(() => out.failed).toBe(2);
  rest.trouble = null;
  newest = reading('3.0', null);
  await expect.poll(sent).toEqual([['QS_PAR', 3]]);
  await expect.poll(() => out.sent).toBe(1);
  expect(out.problem).toBeNull();
  newest = reading('not a number', null);
  await expect.poll(() => out.problem).toMatch(/can't read or send the message: .*not valid/);
});
