import type { Board } from './board.ts';
import { key, pause, print, printLine, type Routine } from './processor.ts';
import { ADC_RATES, BAUD_RATES } from './settings.ts';
import { dumpLine, modeDigit } from './texts.ts';

const ANSWER_SECONDS = 20;
const MAX_AVERAGING = 65_535;

/** Collects characters until CR, for ever. */
function* entry(): Routine<string> {
  let text = '';
  for (;;) {
    const char = yield key();
    if (char === '\r') return text;
    text += char ?? '';
  }
}

/** One character, without CR; null after 20 s. */
function* answer(board: Board): Routine<string | null> {
  const char = yield key(board.now + ANSWER_SECONDS);
  if (char === null) yield printLine('Timed out waiting for response. ');
  return char;
}

function* setAveraging({ settings }: Board): Routine {
  yield printLine('The sensor sends one update for each group of readings.');
  yield printLine('More readings give less noise and fewer updates.');
  yield print(`Enter # readings to average before update (1-${MAX_AVERAGING}): `);
  const count = Number.parseInt(yield* entry(), 10) || 0;
  yield printLine(`${count} was entered`);
  if (count < 1 || count > MAX_AVERAGING) {
    yield printLine('****Invalid number, averaging set to 12. Command ignored ****');
    yield pause(4);
    return;
  }
  settings.averaging = count;
  yield printLine('');
  yield printLine(`ADC set to averaging ${count}`);
}

function* setRate({ settings, faults }: Board): Routine {
  yield printLine('Enter ADC rate (4, 8, 16, 33, 62, 125, 250* Hz)');
  yield print(' *250Hz is at reduced resolution     ---- Enter selection: ');
  const rate = Number.parseInt(yield* entry(), 10);
  yield printLine('');
  if (!ADC_RATES.includes(rate)) {
    yield printLine('Invalid rate!!! Command is ignored.');
    yield pause(5);
  } else if (faults.rateSetupFails) {
    yield printLine('**** Oh my goodness! Option ADC rate setting failed. Try again ****');
    yield pause(3);
  } else {
    settings.rate = rate;
    yield printLine(`ADC rate set to ${rate}`);
  }
}

function* setMode(board: Board): Routine {
  yield printLine(
    'Set operating mode.  Mode 0 is freerun, 1 is polled.  Polled require a TAG to be defined',
  );
  yield print('Enter the operating mode number: ');
  const digit = yield* answer(board);
  if (digit === '1') yield* setTag(board);
  else if (digit === '0') {
    board.settings.mode = 'freerun';
    yield printLine(modeDigit(board));
  } else if (digit !== null) yield printLine('I am confused');
}

function* setTag(board: Board): Routine {
  yield printLine('');
  yield printLine(
    'Enter the single character that will be the tag used in polling (A-F) UPPER case',
  );
  yield print('Note tags G-Z may not be supported in some Biospherical acquisition software : ');
  const tag = yield* answer(board);
  if (tag === null) return;
  if (!/^[A-Z]$/.test(tag)) {
    yield printLine(' Bad TAG ');
    return;
  }
  board.settings.tag = tag;
  board.settings.mode = 'polled';
  yield printLine(tag);
}

/** Y or N in either case; anything else leaves the setting as it is. */
function* yesOrNo(board: Board, question: string, today: boolean): Routine<boolean> {
  yield print(`${question} (Y/N): `);
  const char = (yield* answer(board))?.toUpperCase();
  yield printLine('');
  return char === 'Y' || (char !== 'N' && today);
}

function* setOutputs(board: Board): Routine {
  const { settings } = board;
  settings.temperature = yield* yesOrNo(board, 'Output temperature?', settings.temperature);
  settings.voltage = yield* yesOrNo(board, 'Output line voltage?', settings.voltage);
}

function* setQuiet(board: Board): Routine {
  yield print('Enter 1 for no diagnostic messages, 0 for diagnostics: ');
  const digit = yield* answer(board);
  if (digit === '0' || digit === '1') board.settings.quiet = digit === '1';
  else if (digit !== null) yield printLine('I am confused');
}

function* setPreamble({ settings }: Board): Routine {
  yield print('Enter the preamble: ');
  settings.preamble = yield* entry();
  yield printLine('');
}

function* setCalibrationFactor({ settings }: Board): Routine {
  yield print('Enter the calibration factor: ');
  const factor = Number.parseFloat(yield* entry());
  if (Number.isFinite(factor)) settings.calibrationFactor = factor;
  yield printLine('');
}

function* setBaud({ settings }: Board): Routine {
  yield print('Enter the baudrate: ');
  const baud = Number.parseInt(yield* entry(), 10);
  if (BAUD_RATES.includes(baud)) settings.baud = baud;
  yield printLine('');
}

function* dump(board: Board): Routine {
  yield printLine(dumpLine(board));
}

/** What each letter of the menu does; a letter that is not here only brings the menu again. */
export const commands: ReadonlyMap<string, (board: Board) => Routine> = new Map([
  ['^', dump],
  ['A', setAveraging],
  ['B', setBaud],
  ['C', setCalibrationFactor],
  ['M', setMode],
  ['O', setOutputs],
  ['P', setPreamble],
  ['Q', setQuiet],
  ['R', setRate],
]);
