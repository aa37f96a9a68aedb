import { defineStore } from 'pinia';
import { computed, markRaw, shallowRef, watch } from 'vue';
import type { Row } from '../../shared/row.ts';
import { call } from '../lib/http/call.ts';
import { ReadingStream } from '../lib/link/stream.ts';
import { WakeWatch } from '../lib/link/wake.ts';
import { LiveFeed } from '../lib/live/feed.ts';
import { type Trend, trendAt } from '../lib/live/trend.ts';
import { useRecorderStatus } from './recorder-status.ts';

const SHOW_EVERY_MS = 200;
const LONGEST_RECENT_S = 300;
/** More readings than this at once would hold up a slow tether. */
const MOST_RECENT_ROWS = 20_000;
/** The stream says nothing while the vehicle reports fresh readings: it is dead. */
const DEAF_AFTER_S = 4;

/** What people read off: the newest reading, a few times a second. */
export interface Shown {
  row: Row;
  ageS: number;
  trend: Trend | null;
}

/** Readings older than this, or than three of their periods, are no longer "now". */
const STALE_S = 3;

function isStale(shown: Shown | null, expectedHz: number | null | undefined): boolean {
  return !shown || shown.ageS > Math.max(STALE_S, 3 / (expectedHz || 1));
}

/** The stream of readings and its series. Readings themselves are never reactive. */
export const useLive = defineStore('live', () => {
  const vehicle = useRecorderStatus();
  const shown = shallowRef<Shown | null>(null);
  const feed = markRaw(new LiveFeed(askRecent));
  const stream = new ReadingStream(document.baseURI, feed);
  /** Readings come now, and the vehicle answers. */
  const alive = computed(
    () => vehicle.lostSince === null && !isStale(shown.value, vehicle.health?.expected_rate_hz),
  );
  const wake = new WakeWatch(restart);
  let timer: ReturnType<typeof setInterval> | undefined;

  async function askRecent(sinceMs: number | null): Promise<readonly Row[]> {
    const rate = (await vehicle.known()).sample_rate_hz || 1;
    const most = Math.min(LONGEST_RECENT_S, Math.max(20, MOST_RECENT_ROWS / rate));
    const now = feed.clock.now(performance.now());
    const away = sinceMs === null || now === null ? most : (now - sinceMs) / 1000 + 5;
    const seconds = Math.max(1, Math.round(Math.min(most, away)));
    const { rows } = await call('get', '/recent', { query: { seconds }, timeoutMs: 30_000 });
    return rows;
  }

  function restart(): void {
    stream.restart();
    vehicle.refresh();
  }

  /** Seconds since the newest reading that is here, by the vehicle's clock. */
  function ageS(): number {
    const now = feed.clock.now(performance.now());
    const { newestTime } = feed;
    return now === null || newestTime === null ? 0 : Math.max(0, (now - newestTime) / 1000);
  }

  /** The vehicle has newer readings than came here: the connection is dead and does not know it. */
  function reconnectIfDeaf(age: number): void {
    const told = vehicle.health?.last_reading_age_s ?? Number.POSITIVE_INFINITY;
    const toldNow = told + (Date.now() - vehicle.answeredAt) / 1000;
    if (vehicle.online && feed.open && age - toldNow > DEAF_AFTER_S) stream.restart();
  }

  function show(): void {
    const row = feed.newest;
    const last = feed.newestTime;
    if (!row || last === null) return;
    const age = ageS();
    reconnectIfDeaf(age);
    shown.value = { row, ageS: age, trend: trendAt(feed.ring, last) };
  }

  // The vehicle answers again: the stream does not wait for its next attempt.
  watch(
    () => vehicle.lostSince,
    (since) => {
      if (since === null && !feed.open) stream.restart();
    },
  );

  function start(): void {
    stream.start();
    wake.start();
    timer = setInterval(show, SHOW_EVERY_MS);
  }

  function stop(): void {
    stream.stop();
    wake.stop();
    clearInterval(timer);
  }

  return { shown, alive, feed, start, stop };
});
