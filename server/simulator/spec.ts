import type { DeviceOptions } from './device.ts';
import { ADC_RATES, BAUD_RATES, type Settings } from './settings.ts';

/** What `sim:...` asks for. */
export interface Spec {
  settings: Partial<Settings>;
  device: Pick<DeviceOptions, 'seed' | 'speed' | 'burst'>;
  /** Path of a CSV to replay instead of the day of light. */
  replay: string | null;
  /** Pace of the dive that sensor and vehicle fly, 1 as it is; null: a day at the surface. */
  dive: number | null;
}

/** The part of a spec that an option decides; null: the value is not allowed. */
interface Option {
  allowed: string;
  read(value: string): Partial<Spec> | null;
}

const PREFIX = 'sim:';
const SERIAL_PREFIX = 'SIM';
const UINT32_MAX = 2 ** 32 - 1;

interface Numbers {
  allowed: string;
  has(n: number): boolean;
}

const oneOf = (all: readonly number[]): Numbers => ({
  allowed: all.join(', '),
  has: (n) => all.includes(n),
});

const whole = (low: number, high: number): Numbers => ({
  allowed: `a whole number from ${low} to ${high}`,
  has: (n) => Number.isInteger(n) && n >= low && n <= high,
});

const SPEEDS: Numbers = {
  allowed: 'a number above 0, up to 1000',
  has: (n) => n > 0 && n <= 1000,
};

function numeric({ allowed, has }: Numbers, part: (n: number) => Partial<Spec>): Option {
  return {
    allowed,
    read: (value) => (/^[\d.]+$/.test(value) && has(+value) ? part(+value) : null),
  };
}

function textual(allowed: string, shape: RegExp, part: (text: string) => Partial<Spec>): Option {
  return { allowed, read: (value) => (shape.test(value) ? part(value) : null) };
}

function flag(name: 'temperature' | 'voltage' | 'quiet'): Option {
  return textual('0 or 1', /^[01]$/, (text) => ({ settings: { [name]: text === '1' } }));
}

const ASCII = 'printable ASCII without a comma';

const OPTIONS: Readonly<Record<string, Option>> = {
  rate: numeric(oneOf(ADC_RATES), (rate) => ({ settings: { rate } })),
  averaging: numeric(whole(1, 65_535), (averaging) => ({ settings: { averaging } })),
  baud: numeric(oneOf(BAUD_RATES), (baud) => ({ settings: { baud } })),
  decimals: numeric(whole(1, 8), (decimals) => ({ settings: { decimals } })),
  mode: textual('freerun or polled', /^(freerun|polled)$/, (text) => ({
    settings: { mode: text === 'polled' ? 'polled' : 'freerun' },
  })),
  tag: textual('one letter A to Z', /^[A-Z]$/, (tag) => ({ settings: { tag } })),
  preamble: textual(ASCII, /^[ -~]*$/, (preamble) => ({ settings: { preamble } })),
  serial: textual(ASCII, /^[ -~]+$/, (id) => ({ settings: { serial: simulatedSerial(id) } })),
  units: textual(ASCII, /^[ -~]*$/, (units) => ({ settings: { units } })),
  temperature: flag('temperature'),
  voltage: flag('voltage'),
  quiet: flag('quiet'),
  seed: numeric(whole(0, UINT32_MAX), (seed) => ({ device: { seed } })),
  speed: numeric(SPEEDS, (speed) => ({ device: { speed } })),
  dive: numeric(SPEEDS, (dive) => ({ dive })),
  burst: numeric(whole(0, 1000), (burst) => ({ device: { burst } })),
  replay: textual('the path of a CSV file, without a comma', /./, (replay) => ({ replay })),
};

/** The id in a form that nobody takes for a true sensor's. */
export function simulatedSerial(id: string): string {
  return id.startsWith(SERIAL_PREFIX) ? id : SERIAL_PREFIX + id;
}

/**
 * Reads `sim:key=value,key=value`.
 * @throws Error that names the key, the value and what is allowed
 */
export function parseSpec(path: string): Spec {
  if (!path.startsWith(PREFIX)) throw new Error(`"${path}" does not begin with "${PREFIX}"`);
  const parts = path.slice(PREFIX.length).split(',');
  const spec = parts
    .filter((part) => part !== '')
    .map(readOption)
    .reduce<Spec>(join, { settings: {}, device: {}, replay: null, dive: null });
  if (spec.dive === null || spec.replay === null) return spec;
  throw new Error('Simulator options "dive" and "replay" can not both be: give one of them');
}

function readOption(part: string): Partial<Spec> {
  const [name = ''] = part.split('=', 1);
  const value = part.slice(name.length + 1);
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!option) {
    const known = Object.keys(OPTIONS).join(', ');
    throw new Error(`Unknown simulator option "${name}" in "${part}"; known are ${known}`);
  }
  const read = option.read(value);
  if (read) return read;
  throw new Error(`Simulator option "${name}" cannot be "${value}"; allowed: ${option.allowed}`);
}

function join(spec: Spec, part: Partial<Spec>): Spec {
  return {
    settings: { ...spec.settings, ...part.settings },
    device: { ...spec.device, ...part.device },
    replay: part.replay ?? spec.replay,
    dive: part.dive ?? spec.dive,
  };
}
