import { describe, expect, it } from 'vitest';
import type { Reading } from '../../shared/reading.ts';
import { MemoryRecorder } from './memory-recorder.ts';

function reading(number: number): Reading {
  const sensor = {
    sensorId: 'QSR-2150',
    mode: 'polled',
    temperature: null,
    voltage: null,
  } as const;
  return { wallMicros: number, mono: number, ...sensor, value: String(number) };
}

function values(recorder: MemoryRecorder): string[] {
  return [...recorder.snapshot()].map(({ value }) => value);
}

describe('MemoryRecorder', () => {
  it('keeps readings between start and stop only, and holds them after it', () => {
    const recorder = new MemoryRecorder();
    recorder.push(reading(1));
    recorder.start();
    recorder.push(reading(2));
    recorder.stop();
    recorder.push(reading(3));
    expect(values(recorder)).toEqual(['2']);
    expect([recorder.recording, recorder.size]).toEqual([false, 1]);
  });

  it('starts with nothing, but a second start while recording loses nothing', () => {
    const recorder = new MemoryRecorder();
    recorder.start();
    recorder.push(reading(1));
    recorder.start();
    expect(values(recorder)).toEqual(['1']);
    recorder.stop();
    recorder.start();
    expect(values(recorder)).toEqual([]);
  });

  it('keeps the newest 100 000', () => {
    const recorder = new MemoryRecorder();
    recorder.start();
    for (let number = 1; number <= 100_005; number += 1) recorder.push(reading(number));
    expect(recorder.size).toBe(100_000);
    expect(values(recorder)[0]).toBe('6');
  });

  it('gives a snapshot that later readings do not change', () => {
    const recorder = new MemoryRecorder();
    recorder.start();
    recorder.push(reading(1));
    const snapshot = recorder.snapshot();
    recorder.push(reading(2));
    expect([...snapshot]).toEqual([reading(1)]);
  });
});
