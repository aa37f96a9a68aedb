import type { AcquisitionMode } from '../../shared/reading.ts';

/** What the menu's lines tell; the `^` dump has no rate, preamble or outputs. */
export interface MenuSettings {
  serial: string;
  firmware: string;
  averaging: number;
  adcRateHz: number;
  baud: number;
  calibrationFactor: number;
  calibrationUnits: string;
  immersionFactor: number;
  darkZeroV: number;
  description: string;
  preamble: string;
  mode: AcquisitionMode;
  /** The polling tag, also while the device is in freerun; null where none is stored. */
  tag: string | null;
  temperature: boolean;
  voltage: boolean;
  quiet: boolean;
  deviceTemperatureC: number | null;
  supplyV: number | null;
}

const NUMBER = '(-?\\d+(?:\\.\\d+)?)';

const LINES = {
  firmware: /Digital Log Engine v: *(\S+)/,
  serial: /^Model: (.*)$/m,
  averaging: /^A .*update: *(\d+)$/m,
  baud: /^B .*now: *(\d+)$/m,
  calibrationFactor: new RegExp(`^C .*digital output: *${NUMBER}`, 'm'),
  description: /^D .*software: ?(.*)$/m,
  immersionFactor: new RegExp(`^J .*applied\\): *${NUMBER}`, 'm'),
  darkZeroV: new RegExp(`^K .*= *${NUMBER}v`, 'm'),
  mode: /^M .*tag= ?([A-Z]?) ?\) *currently *([01])/m,
  outputs: /^O .*temperature is (en|dis)abled, line voltage is (en|dis)abled/m,
  preamble: /^P .*transmission = (.*)$/m,
  quiet: /^Q .*: *([01])$/m,
  rate: /^R .*rate: *(\d+)/m,
  units: /^U .*units: ?(.*)$/m,
  temperature: new RegExp(`^Sensor temperature: *${NUMBER}`, 'm'),
  supply: new RegExp(`^Input Supply Voltage measures *${NUMBER}`, 'm'),
} as const;

/** The last menu in the text, as settings; null where a line that matters is not there. */
export function parseMenu(text: string): MenuSettings | null {
  const lines = text.replaceAll('\r', '');
  const menu = lines.slice(Math.max(0, lines.lastIndexOf('Digital Log Engine')));
  const find = (line: keyof typeof LINES, group = 1) => LINES[line].exec(menu)?.[group];
  const needed = ['serial', 'averaging', 'rate', 'mode', 'outputs', 'preamble'] as const;
  if (needed.some((line) => find(line) === undefined)) return null;
  return {
    ...identity(find),
    averaging: Number(find('averaging')),
    adcRateHz: Number(find('rate')),
    mode: find('mode', 2) === '1' ? 'polled' : 'freerun',
    tag: find('mode') || null,
    preamble: find('preamble') ?? '',
    temperature: find('outputs') === 'en',
    voltage: find('outputs', 2) === 'en',
    quiet: find('quiet') === '1',
  };
}

type Find = (line: keyof typeof LINES, group?: number) => string | undefined;

function identity(find: Find) {
  const number = (line: keyof typeof LINES, missing: number) => Number(find(line) ?? missing);
  const measured = (text: string | undefined) => (text === undefined ? null : Number(text));
  return {
    serial: find('serial') ?? '',
    firmware: find('firmware') ?? '',
    baud: number('baud', 0),
    calibrationFactor: number('calibrationFactor', 1),
    calibrationUnits: (find('units') ?? '').trim(),
    immersionFactor: number('immersionFactor', 1),
    darkZeroV: number('darkZeroV', 0),
    description: (find('description') ?? '').trim(),
    deviceTemperatureC: measured(find('temperature')),
    supplyV: measured(find('supply')),
  };
}

const DUMP_FIELDS = 14;

/**
 * Whether the line is the answer to `^`: avg, baud, calfactor, description, E, version, G,
 * H, serial and more. It is kept as it came: units differ in its last fields.
 */
export function isDump(line: string): boolean {
  const fields = line.split(',');
  return fields.length >= DUMP_FIELDS && /^\d+$/.test(fields[0] ?? '');
}
