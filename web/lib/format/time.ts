import { count } from './number.ts';

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** `14:05:09` in the viewer's zone. */
export function clockTime(time: number): string {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `14:05:09.123` in the viewer's zone. */
export function preciseTime(time: number): string {
  return `${clockTime(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`;
}

/** `2025-11-12` in the viewer's zone. */
export function day(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `2025-11-12 14:05:09` in the viewer's zone. */
export function dateTime(time: number): string {
  return `${day(time)} ${clockTime(time)}`;
}

/** The viewer's zone at a time: `UTC`, `UTC+1`, `UTC-3:30`. */
export function zone(time: number): string {
  const minutes = -new Date(time).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}

/** `2025-11-12 13:05:09 UTC`, for those who compare with the files. */
export function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A duration that counts up, fixed in width: `0:05:09`, `26:00:00`. */
export function elapsed(seconds: number): string {
  return `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** How long ago, or how long still, in the unit that a person would say: `66 ms`, `3.2 s`, `5 min`, `2.5 h`. */
export function span(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 48 * 3600) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(0)} days`;
}

/** Time that is left, in whole hours; in minutes when it is getting short: `45 min`, `310 h`. */
export function timeLeft(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  return hours < 2 ? `${Math.floor(seconds / 60)} min` : `${count(hours)} h`;
}
