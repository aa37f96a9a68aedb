import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

const KEPT_LINES = 500;

/** A logger that also keeps its last lines, for the diagnostics file. */
export interface Log {
  logger: Logger;
  lastLines(): string[];
}

/** JSON lines where a machine reads; short lines for a person at a terminal. */
export function createLog(level: Config['logLevel']): Log {
  const kept: string[] = [];
  const write = (line: string) => {
    kept.push(line.trimEnd());
    if (kept.length > KEPT_LINES) kept.shift();
    process.stdout.write(process.stdout.isTTY ? forPeople(line) : line);
  };
  return { logger: pino({ level, base: null }, { write }), lastLines: () => [...kept] };
}

function forPeople(line: string): string {
  const { time, level, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const name = pino.levels.labels[Number(level)]?.toUpperCase() ?? '';
  const rest = Object.keys(facts).length === 0 ? '' : ` ${JSON.stringify(facts)}`;
  return `${clock} ${name.padEnd(5)} ${msg}${rest}\n`;
}
