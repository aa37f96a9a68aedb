const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  ...[10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14].map((n) => n * DAY),
];

/** The step that divides so much time into at most `most` parts. */
export function timeStep(spanMs: number, most: number): number {
  return STEPS.find((step) => spanMs / step <= most) ?? 30 * DAY;
}

/** The times between two others that are whole steps in the viewer's zone. */
export function timeTicks(from: number, to: number, step: number): number[] {
  const zone = -new Date(from).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + zone) / step) * step - zone; at <= to; at += step) ticks.push(at);
  return ticks;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** A label as short as the distance between ticks allows: 14:05, 14:05:30, 14:05:30.2. */
export function tickLabel(time: number, stepMs: number): string {
  const date = new Date(time);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (stepMs >= DAY)
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (stepMs >= MINUTE) return clock;
  const seconds = `${clock}:${two(date.getSeconds())}`;
  if (stepMs >= SECOND) return seconds;
  return `${seconds}.${String(date.getMilliseconds())
    .padStart(3, '0')
    .slice(0, stepMs >= 100 ? 1 : 2)}`;
}
