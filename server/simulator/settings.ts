/** What the device keeps in its EEPROM. Tests may edit it at any time. */
export interface Settings {
  /** The unit's id; a simulated one starts with `SIM`. */
  serial: string;
  /** Nominal ADC rate in Hz, one of {@link ADC_RATES}. */
  rate: number;
  /** ADC samples per reading, 1 to 65535. */
  averaging: number;
  /** Taken into use at the next reset. */
  mode: 'freerun' | 'polled';
  /** The letter that a polled device answers to. */
  tag: string;
  preamble: string;
  temperature: boolean;
  voltage: boolean;
  /** No banner at the start. */
  quiet: boolean;
  calibrationFactor: number;
  units: string;
  description: string;
  /** Taken into use at the next reset. */
  baud: number;
  /** Decimals of the value, 1 to 8. */
  decimals: number;
}

export const ADC_RATES: readonly number[] = [4, 8, 16, 33, 62, 125, 250, 500];
export const BAUD_RATES: readonly number[] = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200];

export function defaultSettings(): Settings {
  return {
    serial: 'SIM0001',
    rate: 125,
    averaging: 8,
    mode: 'freerun',
    tag: 'A',
    preamble: '',
    temperature: true,
    voltage: true,
    quiet: false,
    calibrationFactor: 1,
    units: '',
    description: '',
    baud: 9600,
    decimals: 6,
  };
}

/** 125 readings at a nominal 125 Hz take 1.0338 s on hardware. */
const TRUE_RATE = 1 / 1.0338;

/** True seconds that one average takes. */
export function averageSeconds(settings: Settings): number {
  return settings.averaging / (settings.rate * TRUE_RATE);
}
