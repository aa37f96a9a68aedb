import type { Board } from './board.ts';
import { temperatureAt, voltageAt } from './light.ts';

export const VERSION = '4.003';
export const MENU_PROMPT = 'Select the letter of the menu entry:';

const flag = (on: boolean): string => (on ? '1' : '0');
const able = (on: boolean): string => (on ? 'enabled' : 'disabled');
export const modeDigit = ({ settings }: Board): string => flag(settings.mode === 'polled');

/** Who it is and how it is set: printed at the start and on entry to the menu. */
export function bannerLines({ settings, now }: Board): string[] {
  const { serial, mode, tag, rate, averaging, calibrationFactor, units } = settings;
  return [
    '',
    `Biospherical Instruments Inc: Digital Engine Vers ${VERSION}`,
    `Unit ID ${serial}`,
    mode === 'polled'
      ? `Operating in polled mode with tag of ${tag}`
      : 'Operating in free run mode',
    `ADC sample rate ${rate}, gain 1`,
    averaging > 1 ? `Averaging ${averaging} readings` : 'No Averaging',
    'ADC Buffer disabled',
    `Sensor temperature: ${temperatureAt(now).toFixed(2)} C`,
    `Input Supply Voltage: ${voltageAt(now).toFixed(3)}v`,
    `Calfactor: ${calibrationFactor.toFixed(6)}${units}`,
  ];
}

/** The end of the banner, once the ADC is set up. */
export function startLines({ settings }: Board): string[] {
  return [
    settings.mode === 'polled' ? 'Entering polled mainline sampling' : 'Start free run sampling',
    `Starting Sampling; quiet mode =${flag(settings.quiet)}`,
  ];
}

/** The menu with today's values. Some lines end with a blank, as on the device. */
export function menuLines(board: Board): string[] {
  const { settings, now } = board;
  const { tag, temperature, voltage } = settings;
  return [
    `Biospherical Instruments Inc: Digital Log Engine v: ${VERSION}`,
    `Model: ${settings.serial}`,
    `A to set number of samples averaged before update: ${settings.averaging}`,
    `B to set the baudrate, now: ${settings.baud}`,
    `C to set the Calibration Factor for digital output: ${settings.calibrationFactor.toFixed(6)}`,
    `D to set the description available for display in software: ${settings.description}`,
    'I to send unit ID and serial number (password protected)',
    'J to set the immersion factor (not automatically applied): 1.000000',
    'K to set dark zero, currently dark = 0.000000v. ',
    `M to set the operating mode (0=streaming, 1=polled with tag= ${tag}) currently ${modeDigit(board)}`,
    'N to set analog output mode: Digital only',
    `O to configure the OUTPUTs, temperature is ${able(temperature)}, line voltage is ${able(voltage)}`,
    `P to set a preamble for the data transmission = ${settings.preamble}`,
    `Q to set startup mode (1 = no diagnostic messages, or 0 for diagnostics): ${flag(settings.quiet)}`,
    `R to set ADC sample rate: ${settings.rate}`,
    'S to send ADC diagnostic information',
    `U sets the calibration units: ${settings.units}`,
    'W to set the how calibration constants are used',
    'X to restart sampling',
    'Y to set Log Offset (currently 0.000000 volts)',
    'Z to set DAC Offset (currently 0.000000 volts)',
    `Sensor temperature: ${temperatureAt(now).toFixed(2)} C`,
    `Input Supply Voltage measures ${voltageAt(now).toFixed(3)}v`,
  ];
}

/** The answer to `^`. The tag is empty in freerun; what follows it differs between units. */
export function dumpLine(board: Board): string {
  const { settings, now } = board;
  return [
    settings.averaging,
    settings.baud,
    settings.calibrationFactor.toFixed(6),
    settings.description,
    'E',
    VERSION,
    'G',
    'H',
    settings.serial,
    '1.000000',
    '0.000000',
    voltageAt(now).toFixed(3),
    modeDigit(board),
    settings.mode === 'polled' ? settings.tag : '',
    '0',
    '0.000000',
  ].join(',');
}
