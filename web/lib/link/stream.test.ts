import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isoMicros } from '../../../shared/clock.ts';
import type { Row } from '../../../shared/row.ts';
import { LiveFeed } from '../live/feed.ts';
import { ReadingStream } from './stream.ts';

const START_MICROS = 1_700_000_000_000_000;
const EVERY_MS = 50;

/** A service behind a proxy: every page's events, and its WebSockets where they are let through. */
class Service {
  readonly rows: Row[] = [];
  readonly sources = new Set<Source>();
  readonly sockets = new Set<Socket>();
  asked: string[] = [];
  passesSockets = false;
  recentAnswers = 0;
  firstSeq = 1000;

  push(): void {
    const timestamp = isoMicros(START_MICROS + this.rows.length * EVERY_MS * 1000);
    const row: Row = {
      timestamp,
      sensor_id: 'Q',
      mode: 'freerun',
      value: 1,
      TempC: null,
      Vin: null,
    };
    this.rows.push(row);
    const data = JSON.stringify([row]);
    for (const source of this.sources) source.deliver(data, this.lastSeq);
    for (const socket of this.sockets) socket.onmessage?.({ data });
  }

  get lastSeq(): number {
    return this.firstSeq + this.rows.length - 1;
  }

  opened(source: Source): void {
    this.sources.add(source);
    const after = new URL(source.url).searchParams.get('last_event_id');
    const missed = after === null ? [] : this.rows.slice(Number(after) + 1 - this.firstSeq);
    if (missed.length > 0) source.deliver(JSON.stringify(missed), this.lastSeq);
  }
}

let service: Service;

class Source {
  readonly url: string;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string; lastEventId: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  /** As of a page whose script is busy: what comes waits. */
  held: (() => void)[] | null = null;
  constructor(url: string) {
    this.url = url;
    service.asked.push(url);
    setTimeout(() => {
      if (this.#closed) return;
      this.onopen?.();
      service.opened(this);
    }, 20);
  }
  #closed = false;
  deliver(data: string, seq: number): void {
    const handOn = () => this.onmessage?.({ data, lastEventId: `${seq}` });
    if (this.held) this.held.push(handOn);
    else handOn();
  }
  close(): void {
    this.#closed = true;
    service.sources.delete(this);
  }
}

class Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor() {
    setTimeout(() => {
      if (!service.passesSockets) return this.onclose?.();
      service.sockets.add(this);
      this.onopen?.();
    }, 20);
  }
  close(): void {
    service.sockets.delete(this);
  }
}

const Real = globalThis.BroadcastChannel;
const channels: Channel[] = [];

/** What a page says to the others. */
class Channel {
  readonly #real: BroadcastChannel;
  onmessage: ((event: MessageEvent) => void) | null = null;
  /** As of a page whose script is busy: what it says and hears waits. */
  held: (() => void)[] | null = null;
  constructor(name: string) {
    this.#real = new Real(name);
    this.#real.onmessage = (event) => this.#do(() => this.onmessage?.(event as MessageEvent));
    channels.push(this);
  }
  postMessage(message: unknown): void {
    this.#do(() => this.#real.postMessage(message));
  }
  close(): void {
    this.#real.close();
  }
  #do(act: () => void): void {
    if (this.held) this.held.push(act);
    else act();
  }
}

function letGo(busy: Source | Channel): void {
  const held = busy.held ?? [];
  busy.held = null;
  for (const act of held) act();
}

const pages: Page[] = [];

class Page {
  readonly feed = new LiveFeed(() => {
    service.recentAnswers += 1;
    return Promise.resolve([...service.rows]);
  });
  readonly stream = new ReadingStream('http://rov/extensionv2/q/', this.feed);
  constructor() {
    this.stream.start();
    pages.push(this);
  }
  get times(): number[] {
    const { ring } = this.feed;
    return Array.from({ length: ring.end - ring.start }, (_, place) =>
      ring.time(ring.start + place),
    );
  }
}

function turnOfLoop(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Time goes on for all pages, with readings or without. */
async function after(milliseconds: number, hasReadings = true): Promise<void> {
  for (let gone = 0; gone < milliseconds; gone += EVERY_MS) {
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    if (hasReadings) service.push();
    // Messages between pages take a turn or two of the true event loop.
    for (let turn = 0; turn < 4; turn += 1) await turnOfLoop();
  }
}

/** Place of the page that holds the stream: it has a reading before all others. */
function holder(): number {
  const had = pages.map(({ feed }) => feed.ring.end);
  service.push();
  return pages.findIndex(({ feed }, place) => feed.ring.end > (had[place] ?? 0));
}

/** Every reading, each once, in order. */
function expectAll(): void {
  const all = service.rows.map((_, place) => START_MICROS / 1000 + place * EVERY_MS);
  for (const { times } of pages) expect(times.slice(0, -1)).toEqual(all.slice(0, times.length - 1));
  for (const { times } of pages) expect(times.length).toBeGreaterThan(all.length - 4);
}

beforeEach(() => {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'];
  vi.useFakeTimers({ toFake: toFake as 'setTimeout'[] });
  service = new Service();
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('WebSocket', Socket);
  channels.length = 0;
  vi.stubGlobal('BroadcastChannel', Channel);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('window', new EventTarget());
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.stream.stop();
  // Pages that have stopped do nothing more, however long one waits.
  const { recentAnswers } = service;
  await after(60_000);
  expect([service.sources.size, service.sockets.size]).toEqual([0, 0]);
  expect(service.recentAnswers).toBe(recentAnswers);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('when the page that holds the stream goes, the others miss nothing and ask for no past', async () => {
  for (let count = 0; count < 4; count += 1) new Page();
  await after(4000);
  expect(service.sources.size).toBe(1);
  expectAll();
  const before = service.recentAnswers;
  for (let round = 0; round < 3; round += 1) {
    pages.splice(holder(), 1)[0]?.stream.stop();
    await after(4000);
    expect(service.sources.size).toBe(1);
    expectAll();
  }
  expect(service.recentAnswers).toBe(before);
});

test('a page that was busy for long gives no reading to the others a second time', async () => {
  for (let count = 0; count < 3; count += 1) new Page();
  await after(4000);
  const [source] = service.sources;
  const channel = channels[holder()];
  if (!source || !channel) throw new Error('no page holds the stream');
  source.held = [];
  channel.held = [];
  await after(4000);
  expect(service.sources.size).toBe(2);
  letGo(source);
  letGo(channel);
  await after(3000);
  expectAll();
  expect(service.sources.size).toBe(1);
});

test('a service that was started anew is asked for its past, and nothing comes twice', async () => {
  for (let count = 0; count < 3; count += 1) new Page();
  await after(4000);
  service.firstSeq = 500_000_000 - service.rows.length;
  for (const source of [...service.sources]) source.onerror?.();
  await after(5000);
  expectAll();
  expect(service.sources.size).toBe(1);
});

test('pages go back to a WebSocket when it is let through', async () => {
  for (let count = 0; count < 3; count += 1) new Page();
  await after(4000);
  expect(service.sockets.size).toBe(0);
  service.passesSockets = true;
  await after(70_000);
  expect(service.sockets.size).toBe(3);
  expect(service.sources.size).toBe(0);
  expectAll();
});
