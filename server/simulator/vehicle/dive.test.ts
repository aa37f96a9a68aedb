import { expect, test } from 'vitest';
import { createDevice } from '../port.ts';
import { DIVE_KD, DIVE_SURFACE_LIGHT, diveAt, diveFlight, diveLight } from './dive.ts';

const DIVE_S = 215;
const seconds = Array.from({ length: DIVE_S * 5 }, (_, step) => step / 5);
const depths = seconds.map((second) => diveAt(second).depthM);

test('a dive begins and ends at the surface, and another one follows', () => {
  expect(Math.max(...depths)).toBeCloseTo(18, 0);
  for (const second of [0, 5, DIVE_S - 1, DIVE_S + 5]) {
    expect(diveAt(second).depthM).toBeCloseTo(0.3);
  }
  expect(diveAt(DIVE_S + 50).depthM).toBeCloseTo(diveAt(50).depthM);
});

test('the vehicle never jumps: it moves slower than 0.35 m/s', () => {
  const steps = depths.slice(1).map((depth, at) => Math.abs(depth - (depths[at] ?? depth)));
  expect(Math.max(...steps) * 5).toBeLessThan(0.35);
});

test('on the way up it stops for 20 s at 5 m', () => {
  const stop = depths.filter((depth) => Math.abs(depth - 5) < 0.05);
  expect(stop.length).toBeGreaterThan(100);
});

/** Mean light over some seconds, waves and all. */
function meanLight(from: number, to: number): number {
  const light = diveLight(1);
  const count = 100 * (to - from);
  let sum = 0;
  for (let step = 0; step < count; step += 1) sum += light(from + step / 100);
  return sum / count;
}

test('at the bottom so much light is left as 0.15 per metre leaves, under a cloud half of it', () => {
  const atStop = meanLight(166, 182);
  expect(Math.log(atStop / meanLight(71, 73)) / (18 - 5)).toBeCloseTo(DIVE_KD, 1);
  const [clear, clouded] = [meanLight(112, 114), meanLight(135, 137)];
  const rise = diveAt(113).depthM - diveAt(136).depthM;
  expect(clouded / (clear * Math.exp(DIVE_KD * rise))).toBeCloseTo(0.45, 1);
});

test('waves make the light unsteady at the surface and hardly at 18 m', () => {
  const light = diveLight(1);
  const spread = (from: number, to: number) => {
    const logs = Array.from({ length: 400 }, (_, step) =>
      Math.log(light(from + ((to - from) * step) / 400)),
    );
    return Math.max(...logs) - Math.min(...logs);
  };
  expect(spread(0, 10)).toBeGreaterThan(0.3);
  expect(spread(72, 74)).toBeLessThan(0.15);
});

test('a device on the dive sees the light where others in its process see the vehicle', async () => {
  const pace = 60;
  const flight = diveFlight(pace);
  const device = await createDevice(`sim:dive=${pace},burst=0,baud=115200,averaging=1,quiet=1`);
  const seen: { depth: number; value: number }[] = [];
  device.onReading(({ text, mono }) => {
    seen.push({ depth: flight(mono).depthM, value: Number(text.split(',')[0]) });
  });
  const port = device.plug();
  port.resume();
  const reach = () => seen.some(({ depth }) => depth < 1) && seen.some(({ depth }) => depth > 17);
  await expect.poll(reach, { timeout: 30_000 }).toBe(true);
  port.destroy();
  device.powerOff();
  const offs = seen.map(({ depth, value }) =>
    Math.log(value / (DIVE_SURFACE_LIGHT * Math.exp(-DIVE_KD * depth))),
  );
  // Waves at the top, the cloud at the bottom, and the delay of a busy machine; between surface and 18 m lies a factor of e^2.7.
  expect(Math.max(...offs)).toBeLessThan(1.2);
  expect(Math.min(...offs)).toBeGreaterThan(-1.3);
});
