import type { Attenuation, Cast, LeftOut } from '../../../shared/api/profile.ts';
import { count, par } from '../format/number.ts';

const MOST_DECIMALS = 5;

/** Kd with its standard error, to two digits of that: `0.1499 ± 0.0008`. */
export function kdWords({ kd_per_m: kd, kd_se_per_m: error }: Attenuation): string {
  const digits = error > 0 ? Math.ceil(-Math.log10(error)) + 1 : MOST_DECIMALS;
  const decimals = Math.min(MOST_DECIMALS, Math.max(2, digits));
  return `${kd.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
}

/** A row of the table of figures: its name, and what stands there for a cast. */
export interface FigureRow {
  name: string;
  unit: string;
  value(figures: Attenuation): string;
}

/** What a cast's line tells. `unit` is that of the readings. */
export function figureRows(unit: string): FigureRow[] {
  return [
    { name: 'Kd(PAR)', unit: 'per m', value: kdWords },
    { name: 'r²', unit: '', value: ({ r2 }) => r2.toFixed(4) },
    { name: 'Depth bins', unit: '', value: ({ bins }) => count(bins) },
    { name: 'Readings', unit: '', value: ({ readings }) => count(readings) },
    {
      name: '1 % depth',
      unit: 'm',
      value: ({ one_percent_depth_m: depth }) => depth?.toFixed(1) ?? 'none',
    },
    { name: 'E(0−)', unit, value: ({ e0 }) => par(e0) },
  ];
}

export const CAST_WORDS = { down: 'Down', up: 'Up' } as const;

/** A cast in one line, for a saved picture. */
export function castLine({ direction, fit }: Cast): string {
  const { attenuation } = fit;
  const words = attenuation
    ? `Kd ${kdWords(attenuation)} per m, r² ${attenuation.r2.toFixed(3)}, ${attenuation.bins} bins`
    : 'no Kd';
  return `${CAST_WORDS[direction]}: ${words}`;
}

/** What is in no bin, by reason; '' where everything is in one. */
export function leftOutWords(left: LeftOut): string {
  const parts: [number, string][] = [
    [left.not_moving, 'while the vehicle kept its depth or was where it had been'],
    [left.without_depth, 'without a depth'],
    [left.not_above_dark, 'not above the dark offset'],
    [left.damaged_lines, 'in lines that can not be read'],
  ];
  const told = parts.filter(([number]) => number > 0);
  return told.map(([number, why]) => `${count(number)} ${why}`).join(', ');
}
