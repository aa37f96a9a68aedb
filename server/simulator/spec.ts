import type { DeviceOptions } from './device.ts';
import { ADC_RATES, BAUD_RATES, type Settings } from './settings.ts';

/** What `sim:...` asks for. */
export interface Spec {
  settings: Partial<Settings>;
  device: Pick<DeviceOptions, 'seed' | 'speed' | 'burst'>;
  /** Path of a CSV to replay instead of the day of light. */
  replay: string | null;
}

/** Puts a value into the spec; false: the value is not allowed. */
type Setter = (spec: Spec, value: string) => boolean;
interface Option {
  allowed: string;
  set: Setter;
}

const PREFIX = 'sim:';
const SERIAL_PREFIX = 'SIM';

const number = (
  allowed: string,
  isAllowed: (n: number) => boolean,
  put: (spec: Spec, n: number) => void,
): Option => ({
  allowed,
  set: (spec, value) => {
    const parsed = Number(value);
    if (value.trim() === '' || !isAllowed(parsed)) return false;
    put(spec, parsed);
    return true;
  },
});

const whole =
  (low: number, high: number) =>
  (n: number): boolean =>
    Number.isInteger(n) && n >= low && n <= high;

const flag = (name: 'temperature' | 'voltage' | 'quiet'): Option => ({
  allowed: '0 or 1',
  set: (spec, value) => {
    spec.settings[name] = value === '1';
    return value === '0' || value === '1';
  },
});

const text = (
  allowed: string,
  shape: RegExp,
  put: (spec: Spec, value: string) => void,
): Option => ({
  allowed,
  set: (spec, value) => {
    put(spec, value);
    return shape.test(value);
  },
});

const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  [
    'rate',
    number(
      ADC_RATES.join(', '),
      (n) => ADC_RATES.includes(n),
      (s, n) => {
        s.settings.rate = n;
      },
    ),
  ],
  [
    'averaging',
    number('1 to 65535', whole(1, 65_535), (s, n) => {
      s.settings.averaging = n;
    }),
  ],
  [
    'baud',
    number(
      BAUD_RATES.join(', '),
      (n) => BAUD_RATES.includes(n),
      (s, n) => {
        s.settings.baud = n;
      },
    ),
  ],
  [
    'decimals',
    number('1 to 8', whole(1, 8), (s, n) => {
      s.settings.decimals = n;
    }),
  ],
  [
    'seed',
    number('0 to 4294967295', whole(0, 2 ** 32 - 1), (s, n) => {
      s.device.seed = n;
    }),
  ],
  [
    'speed',
    number(
      'more than 0, at most 1000',
      (n) => n > 0 && n <= 1000,
      (s, n) => {
        s.device.speed = n;
      },
    ),
  ],
  [
    'burst',
    number('0 to 1000 (milliseconds)', whole(0, 1000), (s, n) => {
      s.device.burst = n;
    }),
  ],
  ['temperature', flag('temperature')],
  ['voltage', flag('voltage')],
  ['quiet', flag('quiet')],
  [
    'mode',
    text('freerun or polled', /^(freerun|polled)$/, (s, v) => {
      s.settings.mode = v === 'polled' ? 'polled' : 'freerun';
    }),
  ],
  [
    'tag',
    text('one letter A to Z', /^[A-Z]$/, (s, v) => {
      s.settings.tag = v;
    }),
  ],
  [
    'preamble',
    text('printable ASCII without a comma', /^[\x20-\x7e]*$/, (s, v) => {
      s.settings.preamble = v;
    }),
  ],
  [
    'serial',
    text('printable ASCII without a comma', /^[\x20-\x7e]+$/, (s, v) => {
      s.settings.serial = simulatedSerial(v);
    }),
  ],
  [
    'replay',
    text('the path of a CSV file, without a comma', /./, (s, v) => {
      s.replay = v;
    }),
  ],
]);

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
  const spec: Spec = { settings: {}, device: {}, replay: null };
  for (const part of path.slice(PREFIX.length).split(',')) {
    if (part !== '') readOption(spec, part);
  }
  return spec;
}

function readOption(spec: Spec, part: string): void {
  const [name = ''] = part.split('=', 1);
  const value = part.slice(name.length + 1);
  const option = OPTIONS.get(name);
  if (!option) {
    throw new Error(
      `Simulator option "${name}" (in "${part}") is unknown; known are ${[...OPTIONS.keys()].join(', ')}`,
    );
  }
  if (!option.set(spec, value)) {
    throw new Error(`Simulator option "${name}" cannot be "${value}"; allowed: ${option.allowed}`);
  }
}
