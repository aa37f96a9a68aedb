import type { Average, Board } from './board.ts';
import { commands } from './commands.ts';
import { isEscape, key, pause, print, printLine, type Routine, send } from './processor.ts';
import { averageSeconds } from './settings.ts';
import { bannerLines, MENU_PROMPT, menuLines, startLines } from './texts.ts';

/** Not known from hardware; together they leave a start within the 2.5 to 4 s seen there. */
const BOOT_SECONDS = 0.3;
const ADC_SETUP_SECONDS = 0.2;
const MENU_DELAY_SECONDS = 1;

/** Firmware 4.003 of a Q-Series sensor, as a program for the {@link Processor}. */
export function* firmware(board: Board): Routine<never> {
  for (;;) {
    board.baud = board.settings.baud;
    yield pause(BOOT_SECONDS);
    yield* identify(board);
    yield pause(ADC_SETUP_SECONDS);
    if (board.faults.adcSetup === 'incomplete') {
      yield printLine('SetupADC did not complete correctly');
    } else {
      yield* startSampling(board);
      yield* board.settings.mode === 'polled' ? polled(board) : freerun(board);
    }
    yield* menu(board);
  }
}

function* printLines(lines: string[]): Routine {
  for (const line of lines) yield printLine(line);
}

function* identify(board: Board): Routine {
  if (!board.settings.quiet) yield* printLines(bannerLines(board));
}

function* startSampling(board: Board): Routine {
  const { settings, faults } = board;
  if (faults.adcSetup === 'failed') yield printLine('ADC did not startup ok');
  else if (!settings.quiet) yield printLine('ADC OK');
  if (!settings.quiet) yield* printLines(startLines(board));
}

/** Returns when X has been chosen, which is the only way out. */
function* menu(board: Board): Routine {
  yield* identify(board);
  for (;;) {
    yield pause(MENU_DELAY_SECONDS);
    yield* printLines([...menuLines(board), '', MENU_PROMPT]);
    const letter = (yield key())?.toUpperCase() ?? '';
    if (letter === 'X') break;
    const command = commands.get(letter);
    if (command) yield* command(board);
  }
  // A replayed file begins with the first start that was asked for: nobody listened before.
  if (!board.restarted) board.count = 0;
  board.restarted = true;
  yield print('Calling reset!\r\nRebooting program\r\n');
}

/** `<preamble><value>[, <temperature>][, <voltage>]` */
function readingText({ settings }: Board, average: Average): string {
  const fields = [settings.preamble + average.value];
  if (settings.temperature) fields.push(average.temperature);
  if (settings.voltage) fields.push(average.voltage);
  return fields.join(', ');
}

/** One line for each average until ESC or `?`, which throws the one in progress away. */
function* freerun(board: Board): Routine {
  let began = board.now;
  for (;;) {
    const average = board.averages(board.count, began, board.settings);
    if (yield* escapeBefore(average?.at)) return;
    if (!average) continue;
    board.count += 1;
    if ((yield send(readingText(board, average))) !== null) return;
    // The ADC goes on while a line is printed; what a slow line has no time for is lost.
    began = Math.max(average.at, board.now - averageSeconds(board.settings));
  }
}

function* escapeBefore(until?: number): Routine<boolean> {
  for (;;) {
    const char = yield key(until);
    if (char === null) return false;
    if (isEscape(char)) return true;
  }
}

/**
 * Silent until `*<TAG>Q000!`, which begins the first average. `><TAG>*` is answered
 * when the average is full; the next one begins with the next query: on hardware
 * 2 Hz polling of a 1.03 s average gave 7 rows in 10 s.
 */
function* polled(board: Board): Routine {
  const { tag } = board.settings;
  let heard = '';
  let average: Average | null = null;
  let started = false;
  let asked = false;
  for (;;) {
    const char = yield key(asked ? average?.at : undefined);
    if (char !== null && isEscape(char)) return;
    if (char === null) {
      if (!average) continue;
      board.count += 1;
      const line = `${tag},${readingText(board, average)}`;
      average = null;
      asked = false;
      if ((yield send(line)) !== null) return;
      continue;
    }
    heard = (heard + char).slice(-7);
    if (heard.endsWith(`*${tag}Q000!`)) started = true;
    else if (started && heard.endsWith(`>${tag}*`)) asked = true;
    else continue;
    average ??= board.averages(board.count, board.now, board.settings);
  }
}
