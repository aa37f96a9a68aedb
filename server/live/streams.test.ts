import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STREAM_CLOSE } from '../../shared/api/stream.ts';
import type { Reading } from '../../shared/reading.ts';
import { LiveHub } from './hub.ts';
import type { StreamSocket } from './stream-client.ts';
import { Streams } from './streams.ts';

/** A client whose network takes what `drain` says, and everything if not `stuck`. */
class Socket implements StreamSocket {
  bufferedAmount = 0;
  stuck = false;
  sent: string[] = [];
  pings = 0;
  closed: [number, string][] = [];

  send(text: string): void {
    this.sent.push(text);
    if (this.stuck) this.bufferedAmount += text.length;
  }
  drain(bytes: number): void {
    this.bufferedAmount = Math.max(0, this.bufferedAmount - bytes);
  }
  close(code: number, reason: string): void {
    this.closed.push([code, reason]);
  }
  ping(): void {
    this.pings += 1;
  }
  get values(): unknown[] {
    return this.sent.flatMap((text): unknown[] =>
      [JSON.parse(text)].flat().map((row) => row.value),
    );
  }
}

const clock = { mono: 0, now: () => ({ mono: clock.mono, wallMicros: 1e15 }) };
let hub: LiveHub;
let streams: Streams;
beforeEach(() => {
  vi.useFakeTimers();
  clock.mono = 0;
  hub = new LiveHub(clock);
  streams = new Streams(hub, clock);
});
afterEach(() => {
  streams.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function push(...values: number[]): void {
  for (const value of values) hub.push(reading(value));
}

function reading(value: number, sensorId = 'QSR-2150'): Reading {
  const fields = { sensorId, mode: 'freerun', temperature: null, voltage: null } as const;
  return { ...clock.now(), ...fields, value: String(value) };
}

function attached(batchMs: number | null = null): Socket {
  const socket = new Socket();
  streams.attach(socket, batchMs);
  return socket;
}

/** Readings every 0.1 s, of which the socket's network takes `bytesPerSecond`. */
function stream(seconds: number, socket: Socket, bytesPerSecond: number): void {
  for (let step = 0; step < seconds * 10; step += 1) {
    clock.mono += 0.1;
    push(step);
    socket.drain(bytesPerSecond / 10);
  }
}

describe('Streams', () => {
  it('sends every reading in order, as rows of JSON', () => {
    const socket = attached();
    push(1, 2, 3);
    expect(socket.values).toEqual([1, 2, 3]);
    expect(socket.sent.at(-1)).toBe(hub.latest());
  });

  it('sends batches at their interval, and nothing while no reading comes', () => {
    const socket = attached(100);
    push(1, 2);
    vi.advanceTimersByTime(99);
    push(3);
    expect(socket.sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(socket.sent).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(socket.sent).toHaveLength(1);
    push(4);
    vi.advanceTimersByTime(100);
    expect(socket.values).toEqual([1, 2, 3, 4]);
    expect(socket.sent).toHaveLength(2);
  });

  it('gives a newcomer the readings from then on, and the others no less', () => {
    const early = attached(100);
    push(1);
    const late = attached(100);
    push(2);
    vi.advanceTimersByTime(100);
    expect(early.values).toEqual([1, 2]);
    expect(late.values).toEqual([2]);
  });

  it('drops a client that is more than 1 MiB behind, and nobody else', () => {
    const slow = attached();
    const good = attached();
    slow.stuck = true;
    const big = reading(7, 'x'.repeat(300_000));
    for (let count = 0; count < 5; count += 1) hub.push(big);
    expect(slow.closed).toEqual([[STREAM_CLOSE.tooSlow, 'client is more than 1 MiB behind']]);
    expect(slow.sent).toHaveLength(4);
    expect(good.closed).toEqual([]);
    expect(good.sent).toHaveLength(5);
    expect(streams.size).toBe(1);
  });

  it('drops a client that takes nothing for 5 s', () => {
    const socket = attached();
    socket.stuck = true;
    stream(5, socket, 0);
    expect(socket.closed).toEqual([]);
    stream(1, socket, 0);
    expect(socket.closed).toEqual([[STREAM_CLOSE.tooSlow, 'client is more than 5 s behind']]);
  });

  it('drops a client that falls further and further behind', () => {
    const socket = attached();
    socket.stuck = true;
    stream(30, socket, 500);
    expect(socket.closed[0]?.[0]).toBe(STREAM_CLOSE.tooSlow);
  });

  it('keeps a client that is always a little behind', () => {
    const socket = attached();
    socket.stuck = true;
    socket.bufferedAmount = 1000;
    stream(1, socket, 0);
    const bytes = socket.sent.join('').length;
    stream(60, socket, bytes);
    expect(socket.bufferedAmount).toBeGreaterThan(1000);
    expect(socket.closed).toEqual([]);
  });

  it('does not count the time before the first reading as being behind', () => {
    clock.mono = 1000;
    const socket = attached();
    socket.stuck = true;
    push(1);
    clock.mono = 1004;
    push(2);
    expect(socket.closed).toEqual([]);
  });

  it('sends no more to a client that has gone', () => {
    const socket = new Socket();
    const client = streams.attach(socket, 50);
    push(1);
    client.detach();
    vi.advanceTimersByTime(100);
    push(2);
    client.close(STREAM_CLOSE.goingAway, 'again');
    expect(socket.sent).toEqual([]);
    expect(socket.closed).toEqual([]);
    expect(streams.size).toBe(0);
  });

  it('pings every 15 s, and closes a client that misses two pongs', () => {
    const dead = attached();
    const alive = new Socket();
    const client = streams.attach(alive);
    for (let beat = 1; beat <= 3; beat += 1) {
      expect(dead.closed).toEqual([]);
      vi.advanceTimersByTime(15_000);
      client.pong();
    }
    expect(dead.pings).toBe(2);
    expect(dead.closed).toEqual([[STREAM_CLOSE.tooSlow, 'no answer to pings']]);
    expect(alive.closed).toEqual([]);
  });

  it('tells every client that the server is going away, after what it still holds', () => {
    const single = attached();
    const batched = attached(200);
    push(1);
    streams.stop();
    expect(single.closed[0]?.[0]).toBe(STREAM_CLOSE.goingAway);
    expect(batched.closed[0]?.[0]).toBe(STREAM_CLOSE.goingAway);
    expect(batched.values).toEqual([1]);
  });
});
