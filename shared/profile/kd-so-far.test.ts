import { expect, test } from 'vitest';
import { averagesOf } from '../../server/simulator/light.ts';
import { defaultSettings } from '../../server/simulator/settings.ts';
import { DIVE_KD, diveAt, diveLight } from '../../server/simulator/vehicle/dive.ts';
import { DepthTrack } from './depth-track.ts';
import { KdSoFar } from './kd-so-far.ts';
import { ProfileBuilder } from './profile.ts';

const BOTTOM_S = 72;
const DIVE_S = 215;

/** The simulated dive as it comes: ten rows a second, and readings between them. */
class Dive {
  readonly live = new KdSoFar();
  readonly #track = new DepthTrack();
  readonly #readings: [time: number, light: number][] = [];
  readonly #averages = averagesOf(diveLight(1), 1);
  #row = 0;

  until(seconds: number): this {
    for (;;) {
      const average = this.#averages(this.#readings.length, this.#at(), defaultSettings());
      if (average === null || average.at > seconds) return this;
      this.#rows(average.at);
      const reading: [number, number] = [average.at, Number(average.value)];
      this.#readings.push(reading);
      this.live.add(...reading);
    }
  }

  #at(): number {
    return this.#readings.at(-1)?.[0] ?? 0;
  }

  #rows(until: number): void {
    for (; this.#row / 10 <= until; this.#row += 1) {
      const time = this.#row / 10;
      const row = { time, depth: Math.round(1000 * diveAt(time).depthM) / 1000, age: 0.05 };
      this.#track.add(row);
      this.live.addDepth(row);
    }
  }

  /** The fits of the whole, as a session's profile has them. */
  batch() {
    const builder = new ProfileBuilder(this.#track, 0);
    for (const reading of this.#readings) builder.add(...reading);
    return builder.casts().map(({ fit }) => fit.attenuation);
  }
}

test('on the way it is what the profile of the same rows says, each cast in its turn', () => {
  const dive = new Dive();
  expect(dive.until(15).live.attenuation).toBeNull();
  for (const seconds of [30, 45, BOTTOM_S + 10, DIVE_S - 1]) {
    const batch = dive.until(seconds).batch().at(-1);
    const { attenuation } = dive.live;
    expect(attenuation?.kd_per_m, `after ${seconds} s`).toBeCloseTo(Number(batch?.kd_per_m), 2);
  }
});

test('on the way up the Kd of the way down stands until there is one', () => {
  const dive = new Dive().until(BOTTOM_S + 10);
  const { attenuation } = dive.live;
  expect(attenuation?.kd_per_m).toBeCloseTo(DIVE_KD, 2);
  expect(dive.until(115).live.attenuation).toEqual(attenuation);
});

test('no Kd is made from light that does not fall, from no light, or without a depth', () => {
  const lights = [() => 100, () => 0, (at: number) => Math.exp(at % 7)];
  for (const light of lights) {
    const live = new KdSoFar();
    for (let step = 0; step < 600; step += 1) {
      live.addDepth({ time: step / 10, depth: step / 40, age: 0 });
      live.add(step / 10, light(step));
    }
    expect(live.attenuation).toBeNull();
  }
  const blind = new KdSoFar();
  for (let step = 0; step < 600; step += 1) {
    blind.addDepth({ time: step / 10, depth: null, age: null });
    blind.add(step / 10, Math.exp(-step / 100));
  }
  expect(blind.attenuation).toBeNull();
});
