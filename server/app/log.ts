import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

const KEPT_LINES = 500;

/** A logger that also keeps its last lines, for the diagnostics file. */
export interface Log {
  logger: Logger;
  lastLines(): string[];
}

/** Lines that BlueOS shows with their level, which they must begin with; short ones at a terminal. */
export function createLog(level: Config['logLevel']): Log {
  const kept: string[] = [];
  const write = (line: string) => {
    kept.push(line.trimEnd());
    if (kept.length > KEPT_LINES) kept.shift();
    process.stdout.write(process.stdout.isTTY ? forPeople(line) : forBlueOs(line));
  };
  return { logger: pino({ level, base: null }, { write }), lastLines: () => [...kept] };
}

interface Line {
  time: number;
  level: number;
  msg: string;
}

function forPeople(line: string): string {
  const { time, level, msg, ...facts } = JSON.parse(line) as Line;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const rest = Object.keys(facts).length === 0 ? '' : ` ${JSON.stringify(facts)}`;
  return `${clock} ${levelName(level).padEnd(5)} ${msg}${rest}\n`;
}

function forBlueOs(line: string): string {
  const { time, level, msg, ...facts } = JSON.parse(line) as Line;
  const rest = { time: new Date(time).toISOString(), ...facts };
  return `${levelName(level)}: ${msg} ${JSON.stringify(rest)}\n`;
}

/** BlueOS knows four names; what ends the process is an error there. */
function levelName(level: number): string {
  const name = pino.levels.labels[level]?.toUpperCase() ?? 'INFO';
  return { WARN: 'WARNING', FATAL: 'ERROR', TRACE: 'DEBUG' }[name] ?? name;
}
