import { expect, test } from 'vitest';
import { isoMicros } from '../../../shared/clock.ts';
import type { Row } from '../../../shared/row.ts';
import { LiveFeed } from './feed.ts';

const START = Date.UTC(2025, 10, 12, 14, 30) * 1000;

function row(ms: number, value = ms): Row {
  const timestamp = isoMicros(START + ms * 1000);
  return { timestamp, sensor_id: 'S', mode: 'freerun', value, TempC: null, Vin: null };
}

const rows = (from: number, to: number, step = 100): Row[] =>
  Array.from({ length: (to - from) / step }, (_, i) => row(from + i * step));

/** A feed whose questions for recent readings are answered by hand. */
function makeFeed() {
  const questions: ((rows: readonly Row[]) => void)[] = [];
  const since: (number | null)[] = [];
  const feed = new LiveFeed((from) => {
    since.push(from);
    return new Promise((resolve) => questions.push(resolve));
  });
  const answer = async (recent: readonly Row[]) => {
    questions.shift()?.(recent);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { feed, answer, since };
}

function values(feed: LiveFeed): number[] {
  const { ring } = feed;
  return Array.from({ length: ring.end - ring.start }, (_, i) => ring.value(ring.start + i));
}

test('what came before the stream stands before it, each reading once', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  feed.rows(rows(800, 1200));
  await answer(rows(0, 1000));
  feed.rows(rows(1200, 1500));
  expect(values(feed)).toEqual(rows(0, 1500).map((one) => one.value));
});

test('the newest reading is there while those before it are awaited, of which none stands out of turn', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  feed.rows(rows(800, 1200));
  expect(feed.newest?.value).toBe(1100);
  expect(feed.newestTime).toBe(START / 1000 + 1100);
  expect(values(feed)).toEqual([]);
  await answer(rows(0, 1000));
  expect(values(feed)).toEqual(rows(0, 1200).map((one) => one.value));
});

test('a reading that was in the answer and comes after it, over a slower way, is there once', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  await answer(rows(0, 1000));
  feed.rows(rows(700, 1100));
  feed.rows(rows(1100, 1500));
  expect(values(feed)).toEqual(rows(0, 1500).map((one) => one.value));
});

test('readings of the same microsecond are all kept', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  feed.rows([row(100, 2), row(100, 3), row(200, 4)]);
  await answer([row(0, 0), row(100, 1), row(100, 2)]);
  expect(values(feed)).toEqual([0, 1, 2, 4]);
});

test('a stream that comes back is asked only for what is missing, and leaves no hole', async () => {
  const { feed, answer, since } = makeFeed();
  feed.opened();
  await answer(rows(0, 1000));
  feed.closed();
  feed.opened();
  feed.rows(rows(9000, 9500));
  await answer(rows(500, 9200));
  expect(since).toEqual([null, START / 1000 + 900]);
  expect(values(feed)).toEqual(rows(0, 9500).map((one) => one.value));
  expect(feed.gaps).toEqual([]);
});

test('where the sensor was silent until the page had asked, the hole stays where it was', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  await answer(rows(0, 1000));
  feed.rows(rows(9000, 9500));
  expect(values(feed)).toEqual([...rows(0, 1000), ...rows(9000, 9500)].map((one) => one.value));
  expect(feed.gaps).toEqual([{ from: START / 1000 + 900, to: START / 1000 + 9000 }]);
});

test('a hole that the vehicle no longer remembers stays a gap', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  await answer(rows(0, 1000));
  feed.closed();
  feed.opened();
  await answer(rows(500_000, 501_000));
  expect(feed.gaps).toEqual([{ from: START / 1000 + 900, to: START / 1000 + 500_000 }]);
});

test('an answer for a stream that has closed again is thrown away', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  feed.closed();
  feed.opened();
  await answer(rows(0, 300));
  expect(values(feed)).toEqual([]);
  await answer(rows(0, 400));
  expect(values(feed)).toHaveLength(4);
});

test('when the clock is set back, earlier readings move with it and no gap appears', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  await answer([]);
  feed.rows(rows(60_000, 61_000));
  feed.rows(rows(41_000, 42_000));
  const { ring } = feed;
  expect(Math.round((ring.time(ring.start) - START / 1000) / 100)).toBe(401);
  expect(feed.gaps).toEqual([]);
});

test('when the clock was set back while the page was away, it starts afresh', async () => {
  const { feed, answer } = makeFeed();
  feed.opened();
  await answer(rows(600_000, 601_000));
  feed.closed();
  feed.opened();
  await answer(rows(0, 1000));
  expect(feed.lastTime).toBe(START / 1000 + 900);
  expect(values(feed)).toHaveLength(10);
});
