/** On hardware 125 readings at a nominal 125 Hz take 1.0338 s. */
const TRUE_SHARE = 1 / 1.0338;
/** One byte on the line: start bit, eight bits, stop bit. */
const BITS_PER_BYTE = 10;
/** A point, six decimals, and the line's end. */
const AFTER_WHOLE_BYTES = 9;
const USUAL_VALUE = 99;
const FIELD_BYTES = 7;

/** What averaging and ADC rate come to. */
export interface Pace {
  nominalHz: number;
  /** What the device really does: its ADC is about 3 % slow. */
  trueHz: number;
  /** What the baud rate can carry, lines a second. */
  lineHz: number;
  fits: boolean;
}

export interface LineSettings {
  baud: number;
  temperature: boolean;
  voltage: boolean;
}

export interface PaceSettings extends LineSettings {
  averaging: number;
  adcRateHz: number;
}

/** Lines a second that the baud rate carries, where a value is about so large. */
export function lineRateHz(line: LineSettings & { value: number }): number {
  const fields = Number(line.temperature) + Number(line.voltage);
  const whole = Math.trunc(line.value).toString().length;
  return line.baud / BITS_PER_BYTE / (whole + AFTER_WHOLE_BYTES + fields * FIELD_BYTES);
}

export function paceOf(settings: PaceSettings): Pace {
  const nominalHz = settings.adcRateHz / settings.averaging;
  const lineHz = lineRateHz({ ...settings, value: USUAL_VALUE });
  const trueHz = nominalHz * TRUE_SHARE;
  return { nominalHz, trueHz, lineHz, fits: trueHz <= lineHz };
}

/** Averaging as the device takes it; null for anything else. */
export function averagingOf(text: string | number): number | null {
  const value = Number(text);
  const good =
    String(text).trim() !== '' && Number.isInteger(value) && value >= 1 && value <= 65_535;
  return good ? value : null;
}
