/** Readings that share one line: at 15 Hz 34 s, over which no sensor's pace changes. */
export const BLOCK_READINGS = 512;
/** Fewer tell too little of the sensor's pace; their times stay as they are. */
const LEAST_READINGS = 32;
/** The usual pace is that over so many readings: bursts hide it from one to the next. */
const PACE_READINGS = 32;
/** So much more than the pace, not made up for by the readings after it, parts two runs. */
const GAP_PACES = 0.8;
const BURST_S = 0.02;
const CATCH_UP_READINGS = 16;
/** A machine that was busy hands a few over much later than bursts do: they don't bend the line. */
const ROUNDS = 3;
/** When so many are farther from the line than a burst lasts, the sensor keeps no pace. */
const MOST_OFF_PART = 0.2;
/** Part of the readings before the line: a few of them may be told too early. */
const EARLY_PART = 0.01;

interface Line {
  /** Seconds at place 0. */
  start: number;
  /** Seconds from one reading to the next. */
  pace: number;
}

/**
 * Times of readings free of the adapter's jitter. An adapter only ever delays: within a run the true
 * times lie on the line through the readings that waited least. The line's slope is the regression
 * of the times over the readings' numbers, in blocks of {@link BLOCK_READINGS}.
 *
 * @param elapsed seconds as recorded, one for each reading, rising
 * @returns seconds, as many, rising; as recorded where a run is short or keeps no pace
 */
export function steadyTimes(elapsed: readonly number[]): number[] {
  const times = runsOf(elapsed).flatMap((run) => blocksOf(run).flatMap(steadyBlock));
  for (let place = 1; place < times.length; place += 1) {
    times[place] = Math.max(times[place] ?? 0, (times[place - 1] ?? 0) + 1e-6);
  }
  return times;
}

function runsOf(elapsed: readonly number[]): number[][] {
  const pace = usualPace(elapsed);
  const most = Math.max(GAP_PACES * pace, BURST_S);
  const ends = elapsed.flatMap((_, place) =>
    place > 0 && lateness(elapsed, place, pace) > most ? [place] : [],
  );
  return [0, ...ends].map((from, place) => elapsed.slice(from, ends[place]));
}

function usualPace(elapsed: readonly number[]): number {
  const count = Math.min(PACE_READINGS, elapsed.length - 1);
  const spans = elapsed.slice(count).map((time, place) => time - (elapsed[place] ?? 0));
  return quantile(spans, 0.5) / Math.max(1, count);
}

/** Seconds that a reading and all that follow soon are behind the pace of the one before it. */
function lateness(elapsed: readonly number[], place: number, pace: number): number {
  const before = elapsed[place - 1] ?? 0;
  let least = (elapsed[place] ?? 0) - before - pace;
  for (let next = 1; next < CATCH_UP_READINGS && least > BURST_S; next += 1) {
    const time = elapsed[place + next];
    if (time === undefined) break;
    least = Math.min(least, time - before - (next + 1) * pace);
  }
  return least;
}

/** Of about one length each, so that no short one is left over at the end. */
function blocksOf(run: readonly number[]): number[][] {
  const count = Math.max(1, Math.round(run.length / BLOCK_READINGS));
  const edge = (place: number) => Math.round((place * run.length) / count);
  return Array.from({ length: count }, (_, place) => run.slice(edge(place), edge(place + 1)));
}

function steadyBlock(times: number[]): number[] {
  if (times.length < LEAST_READINGS) return times;
  let line = regression(times.map((time, place) => ({ time, place })));
  let off: number[] = [];
  let near: Point[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    off = times.map((time, place) => time - line.start - place * line.pace);
    const early = quantile(off, EARLY_PART);
    near = times.flatMap((time, place) =>
      Math.abs((off[place] ?? 0) - early) <= BURST_S ? [{ time, place }] : [],
    );
    if (near.length < (1 - MOST_OFF_PART) * times.length) return times;
    line = regression(near);
  }
  off = near.map(({ time, place }) => time - line.start - place * line.pace);
  const start = line.start + quantile(off, EARLY_PART);
  return times.map((_, place) => start + place * line.pace);
}

interface Point {
  place: number;
  time: number;
}

/** Of the times over their places, by least squares. */
function regression(points: readonly Point[]): Line {
  const middle = mean(points.map(({ place }) => place));
  const centre = mean(points.map(({ time }) => time));
  let covariance = 0;
  let variance = 0;
  for (const { place, time } of points) {
    covariance += (place - middle) * (time - centre);
    variance += (place - middle) ** 2;
  }
  const pace = covariance / variance;
  return { start: centre - middle * pace, pace };
}

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
}
