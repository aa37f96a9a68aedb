const DIGITS = 5;

/**
 * A light value with five significant digits and never more decimals than the sensor can mean,
 * from 0.000001 to full sun. Plain digits, no exponent: it is read at arm's length.
 */
export function par(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(size >= 10_000 ? 0 : 1);
  const before = size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1;
  return value.toFixed(Math.min(6, DIGITS - before + (size < 1 ? 1 : 0)));
}

/** Readings a second: `0.97`, `15.2`, `484`. */
export function rate(hz: number): string {
  return hz.toFixed(hz >= 100 ? 0 : hz >= 10 ? 1 : 2);
}

/** An axis label: short, with thousands apart. */
export function axis(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e-4 && size < 1e6) return String(Number(value.toPrecision(6)));
  return value.toExponential(0);
}

const counter = new Intl.NumberFormat('en', { useGrouping: true });

/** A count with thin spaces between thousands: `1 800 000`. */
export function count(value: number): string {
  return counter.format(value).replaceAll(',', '\u202f');
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in powers of 1000: `124.8 kB`. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  const digits = power === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${UNITS[power]}`;
}
