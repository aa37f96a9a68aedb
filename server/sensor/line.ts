import {
  BANNER_END,
  DEVICE_TITLE,
  MENU_PROMPT,
  POLLED_LINE,
  REBOOT_LINE,
  START_LINE,
} from './protocol.ts';

/** The shape of a reading's line, as the menu announced it. */
export interface ReadingShape {
  preamble: string;
  temperature: boolean;
  voltage: boolean;
  /** The tag before each answer in polled mode; null in freerun. */
  tag: string | null;
}

/** The digits of one reading, as they were sent. */
export interface Digits {
  value: string;
  temperature: string | null;
  voltage: string | null;
}

/** Reads a line as a reading, or gives null: nothing but the announced shape counts. */
export type ReadingReader = (line: string) => Digits | null;

const WHOLE = '-?(?:0|[1-9]\\d*)';

export function readingReader(format: ReadingShape): ReadingReader {
  const shape = patternOf(format);
  const voltageAt = format.temperature ? 3 : 2;
  return (line) => {
    const match = shape.exec(line);
    if (match === null) return null;
    return {
      value: match[1] as string,
      temperature: format.temperature ? (match[2] as string) : null,
      voltage: format.voltage ? (match[voltageAt] as string) : null,
    };
  };
}

function patternOf({ preamble, temperature, voltage, tag }: ReadingShape): RegExp {
  const head = (tag === null ? '' : `${tag},`) + preamble;
  const fields = [`(${WHOLE}\\.\\d{1,8})`];
  if (temperature) fields.push(`(${WHOLE}\\.\\d{2})`);
  if (voltage) fields.push(`(${WHOLE}\\.\\d{3})`);
  return new RegExp(`^${head.replace(/[^\w]/g, '\\$&')}${fields.join(', ')}$`);
}

/** What a line that is no reading means for the gate. */
export type Notice = 'title' | 'start' | 'reboot' | 'prompt' | 'blank' | 'other';

const PROMPT_LINE = MENU_PROMPT.trimEnd();

export function notice(line: string): Notice {
  if (line === '') return 'blank';
  if (beginsWithDigit(line)) return 'other';
  if (line.startsWith(DEVICE_TITLE)) return 'title';
  const isStart = line === START_LINE || line === POLLED_LINE || line.startsWith(BANNER_END);
  if (isStart) return 'start';
  if (line === PROMPT_LINE) return 'prompt';
  return line === REBOOT_LINE ? 'reboot' : 'other';
}

/** As nearly every line does, and none of those above. */
function beginsWithDigit(line: string): boolean {
  const code = line.charCodeAt(0);
  return code >= 48 && code <= 57;
}

/** Why a line was not taken for a reading. */
export type Rejection = 'banner' | 'menu' | 'garbled' | 'wrong_tag' | 'overlong' | 'cut_short';

/** The reason for a line that came while readings were due. */
export function whyNoReading(line: string, tag: string | null): Rejection {
  if (tag !== null && /^[A-Z],/.test(line) && line[0] !== tag) return 'wrong_tag';
  return 'garbled';
}
