import { Decimals } from '../server/sensor/decimals.ts';
import { Gate } from '../server/sensor/gate.ts';
import { readingReader } from '../server/sensor/line.ts';
import { LineSplitter } from '../server/serial/lines.ts';
import type { Figure } from './figure.ts';

const LINES = 1_000_000;
const PIECE = 4096;
const RUNS = 5;
const HELD = 1000;
const AT = { wallMicros: 0, mono: 0 };

/** Bytes to readings on one core, against only splitting the bytes into lines. */
export async function run(): Promise<Figure[]> {
  const bytes = stream();
  const splitting = best(() => feed(bytes, held()));
  const parsing = best(() => feed(bytes, readings()));
  const conditions = `${LINES} lines with temperature and voltage, best of ${RUNS}`;
  return [
    { name: 'splitting into lines', value: LINES / splitting, unit: 'lines/s', conditions },
    {
      name: 'lines to readings',
      value: LINES / parsing,
      unit: 'lines/s',
      comparedWith: 'splitting into lines (time)',
      ratio: parsing / splitting,
      conditions,
    },
  ];
}

function stream(): Buffer {
  const lines = Array.from(
    { length: LINES },
    (_, i) => `0.${String(10_000 + (i % 90)).padStart(6, '0')}, 27.68, 7.494\r\n`,
  );
  return Buffer.from(`\n${lines.join('')}`, 'latin1');
}

function feed(bytes: Buffer, line: (text: string) => void): void {
  const splitter = new LineSplitter({ line, overlong: () => {} });
  for (let at = 0; at < bytes.length; at += PIECE) {
    splitter.push(bytes.toString('latin1', at, at + PIECE));
  }
}

/** The lines are kept for a moment: else the compiler leaves out making them. */
function held(): (line: string) => void {
  const lines: string[] = [];
  return (line) => {
    if (lines.push(line) === HELD) lines.length = 0;
  };
}

function readings(): (line: string) => void {
  const nothing = () => {};
  const gate = new Gate({
    reading: nothing,
    rejected: nothing,
    left: nothing,
    sampling: nothing,
    fellIntoMenu: nothing,
  });
  const format = { preamble: '', temperature: true, voltage: true, tag: null };
  gate.expect({
    read: readingReader(format),
    tag: null,
    quiet: false,
    valueOnly: false,
    decimals: new Decimals(),
  });
  gate.assumeSampling();
  return (line) => gate.line(line, AT);
}

function best(action: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const begun = performance.now();
    action();
    return (performance.now() - begun) / 1000;
  });
  return Math.min(...times);
}
