import { beforeEach, describe, expect, it } from 'vitest';
import { sensorRoutes } from '../../shared/api/sensor.ts';
import type { Reading } from '../../shared/reading.ts';
import { LiveHub } from './hub.ts';

const START_MICROS = 1_762_957_845_000_000;

/** A clock that stands still until it is set. */
class HandClock {
  mono = 0;
  now() {
    return { mono: this.mono, wallMicros: START_MICROS + this.mono * 1e6 };
  }
}

let clock: HandClock;
let hub: LiveHub;
beforeEach(() => {
  clock = new HandClock();
  hub = new LiveHub(clock);
});

function reading(value: number): Reading {
  const sensor = { sensorId: 'QSR-2150', mode: 'freerun', temperature: null } as const;
  return { ...clock.now(), ...sensor, value: String(value), voltage: '7.494' };
}

/** Readings every `period` seconds up to `until`, the clock going with them. */
function readingsUntil(until: number, period: number): void {
  for (let next = clock.mono + period; next <= until + period / 2; next += period) {
    clock.mono = next;
    hub.push(reading(next));
  }
}

const values = (rows: Iterable<string>): unknown[] =>
  [...rows].map((row): unknown => JSON.parse(row).value);

describe('LiveHub', () => {
  it('says that nothing is there before the first reading', () => {
    expect(hub.latest()).toBeNull();
    expect([...hub.recent(300)]).toEqual([]);
    expect(hub.lastReadingAge()).toBe(999);
    expect(hub.sampleRate()).toBe(0);
    expect(hub.stats()).toEqual({
      row_count: 0,
      start_time: null,
      end_time: null,
      duration_s: null,
      est_sample_rate_hz: null,
    });
  });

  it('tells how many readings there were, since when and how fast', () => {
    readingsUntil(4, 0.5);
    const stats = hub.stats();
    expect(sensorRoutes.stats.reply.parse(stats)).toEqual(stats);
    expect(stats).toMatchObject({ row_count: 8, duration_s: 3.5, est_sample_rate_hz: 2 });
    expect(stats.start_time).toBe('2025-11-12T14:30:45.500000Z');
    expect(stats.end_time).toBe('2025-11-12T14:30:49.000000Z');
  });

  it('counts readings that the ring no longer holds', () => {
    for (let count = 0; count < 150_010; count += 1) hub.push(reading(count));
    expect(hub.stats().row_count).toBe(150_010);
    expect(values(hub.recent(1))).toHaveLength(150_000);
  });

  it.each([1 / 500, 1 / 15, 1.0338, 30])('measures the rate of a reading every %f s', (period) => {
    readingsUntil(period * 40, period);
    expect(hub.sampleRate()).toBeCloseTo(1 / period, 6);
  });

  it('follows a change of rate within ten seconds', () => {
    readingsUntil(60, 1);
    readingsUntil(71, 0.1);
    expect(hub.sampleRate()).toBeCloseTo(10, 1);
  });

  it('says 0 Hz when readings have stopped coming', () => {
    readingsUntil(20, 0.1);
    clock.mono += 1.9;
    expect(hub.sampleRate()).toBeCloseTo(10, 1);
    clock.mono += 0.2;
    expect(hub.sampleRate()).toBe(0);
    expect(hub.lastReadingAge()).toBeCloseTo(2.1);
  });

  it('does not take a slow sensor for one that has stopped', () => {
    readingsUntil(300, 30);
    clock.mono += 80;
    expect(hub.sampleRate()).toBeCloseTo(1 / 30);
  });

  it('has no rate after a single reading', () => {
    hub.push(reading(1));
    expect(hub.sampleRate()).toBe(0);
  });

  it('gives the rows of the last seconds, also when the newest is old', () => {
    readingsUntil(10, 1);
    expect(values(hub.recent(3))).toEqual([7, 8, 9, 10]);
    clock.mono = 12;
    expect(values(hub.recent(3))).toEqual([9, 10]);
    clock.mono = 100;
    expect(values(hub.recent(3))).toEqual([]);
  });

  it('keeps to the monotonic clock when the wall clock is set back', () => {
    readingsUntil(10, 1);
    clock.mono = 11;
    hub.push({ ...reading(11), wallMicros: 0 });
    expect(values(hub.recent(2))).toEqual([9, 10, 11]);
    expect(hub.stats().duration_s).toBe(10);
  });

  it('hands each reading to everyone who watches, with the same text', () => {
    const seen: [string, string, Reading][] = [];
    hub.subscribe((prefix, each) => seen.push(['a', prefix, each]));
    const stop = hub.subscribe((prefix, each) => seen.push(['b', prefix, each]));
    const first = reading(1);
    hub.push(first);
    stop();
    hub.push(reading(2), 'as made for the recorder');
    expect(seen.map(([who, prefix]) => [who, prefix])).toEqual([
      ['a', hub.latest()?.replace('"value":2', '"value":1').slice(0, -1)],
      ['b', seen[0]?.[1]],
      ['a', 'as made for the recorder'],
    ]);
    expect(seen[0]?.[2]).toBe(first);
  });
});
