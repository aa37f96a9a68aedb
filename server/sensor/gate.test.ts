import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BANNER, DIALOGUE, FAILURES, MENU, START, wire } from '../../test/fixtures/wire-text.ts';
import { LineSplitter } from '../serial/lines.ts';
import { Decimals } from './decimals.ts';
import { Gate } from './gate.ts';
import { type ReadingShape, readingReader } from './line.ts';

const at = { wallMicros: 0, mono: 0 };
const FULL: ReadingShape = { preamble: '', temperature: true, voltage: true, tag: null };
const LONE: ReadingShape = { ...FULL, temperature: false, voltage: false };
const BOOT = wire([...BANNER, ...START]);

/** Feeds the pieces to a splitter and a gate that waits for a start line; gives the readings. */
function readingsOf(
  pieces: string[],
  format: ReadingShape,
  { quiet = false, midStream = false } = {},
) {
  const readings: string[] = [];
  const rejected: string[] = [];
  const gate = new Gate({
    reading: ({ value, temperature, voltage }) =>
      readings.push([value, temperature, voltage].filter((field) => field !== null).join(', ')),
    rejected: (reason) => rejected.push(reason),
    left: () => undefined,
    sampling: () => undefined,
    fellIntoMenu: () => undefined,
  });
  const valueOnly = !format.temperature && !format.voltage;
  const read = readingReader(format);
  gate.expect({ read, tag: format.tag, quiet, valueOnly, decimals: new Decimals() });
  if (midStream) gate.assumeSampling();
  const splitter = new LineSplitter({
    line: (line) => gate.line(line, at),
    overlong: () => rejected.push('overlong'),
  });
  for (const piece of pieces) splitter.push(piece);
  // The first reading waits for a second one.
  if (!valueOnly) gate.flushPending();
  return { readings, rejected, gate, feed: (piece: string) => splitter.push(piece) };
}

/** The text cut into pieces at any places. */
function pieces(text: string): fc.Arbitrary<string[]> {
  const cut = fc.nat(text.length);
  return fc.array(cut, { maxLength: 40 }).map((cuts) => {
    const places = [0, ...cuts.sort((a, b) => a - b), text.length];
    return places.slice(1).map((end, i) => text.slice(places[i], end));
  });
}

const EVERYTHING = wire([...BANNER, ...MENU, ...DIALOGUE, ...FAILURES, ...BANNER]);
const ROWS = ['0.010046, 27.68, 7.494', '-0.000066, 26.85, 7.515', '1234.500000, -0.41, 12.345'];

test('nothing that the device prints besides readings becomes one, at any splitting', () => {
  const formats = fc.constantFrom(FULL, LONE, { ...FULL, voltage: false }, { ...LONE, tag: 'A' });
  fc.assert(
    fc.property(pieces(EVERYTHING), formats, fc.boolean(), (parts, format, quiet) => {
      expect(readingsOf(parts, format, { quiet }).readings).toEqual([]);
    }),
  );
});

test('also while the device samples no line of its banner, menu or dialogue is a reading', () => {
  for (const format of [FULL, LONE]) {
    for (const line of [...BANNER, ...MENU, ...DIALOGUE, ...FAILURES]) {
      expect(readingsOf([BOOT, wire([line])], format).readings).toEqual([]);
    }
  }
});

test('every reading after the start line is taken once, in order, at any splitting', () => {
  const text = EVERYTHING + BOOT + wire(ROWS) + BOOT + wire(ROWS);
  fc.assert(
    fc.property(pieces(text), (parts) => {
      expect(readingsOf(parts, FULL).readings).toEqual([...ROWS, ...ROWS]);
    }),
  );
});

test('one byte at a time gives the same readings', () => {
  expect(readingsOf([...(BOOT + wire(ROWS))], FULL).readings).toEqual(ROWS);
});

test('readings before the start line are not believed', () => {
  expect(readingsOf([wire(['', ...ROWS])], FULL).readings).toEqual([]);
});

test.each([FULL, LONE])(
  'a stream cut at any byte by a reset leaves all readings that were whole, and only those',
  (format) => {
    const rows = format === FULL ? ROWS : ['0.010046', '0.012345', '0.009999'];
    const stream = wire(rows);
    for (let cut = 0; cut <= stream.length; cut++) {
      const { readings } = readingsOf([BOOT, stream.slice(0, cut), BOOT, stream], format);
      const whole = readings.slice(0, readings.length - rows.length);
      expect(readings.slice(whole.length)).toEqual(rows);
      expect(rows.slice(0, whole.length)).toEqual(whole);
      expect(whole.length).toBeGreaterThanOrEqual(stream.slice(0, cut).split('\r').length - 1);
    }
  },
);

test('a port opened in the middle of a stream gives whole readings from the next line on', () => {
  const stream = wire(ROWS);
  for (let cut = 0; cut <= stream.length; cut++) {
    const { readings } = readingsOf([stream.slice(cut)], FULL, { midStream: true });
    expect(readings).toEqual(ROWS.slice(ROWS.length - readings.length));
    expect(readings.length).toBeGreaterThanOrEqual(stream.slice(cut).split('\n').length - 2);
  }
});

test('a lone value that is shorter than the others is none', () => {
  const rows = ['0.010046', '0.01', '0.010050'];
  expect(readingsOf([BOOT + wire(rows)], LONE)).toMatchObject({
    readings: ['0.010046', '0.010050'],
    rejected: expect.arrayContaining(['garbled']),
  });
  expect(readingsOf([`${BOOT}0.010046\r\n0.01`, BOOT], LONE)).toMatchObject({
    readings: ['0.010046'],
    rejected: expect.arrayContaining(['cut_short']),
  });
});

test('a lone value that a reset cut is none, also when a second reset cuts the title', () => {
  for (const title of ['B', 'Biosph', 'Biospherical Instruments Inc: Digi']) {
    const bytes = [`${BOOT}0.010046\r\n0.01`, `\r\n${title}`, BOOT, '0.010046\r\n\r\n'];
    const { readings, rejected } = readingsOf(bytes, LONE);
    expect(readings).toEqual(['0.010046', '0.010046']);
    expect(rejected).toContain('cut_short');
  }
});

test('a lone value after which nothing comes counts after 3 s; before that, it is told as cut', async () => {
  for (const [settled, expected] of [
    [false, { readings: ['0.010046'], rejected: ['banner'] }],
    [true, { readings: [], rejected: ['banner', 'cut_short'] }],
  ] as const) {
    const told = readingsOf([BOOT, '0.010046\r\n'], LONE);
    expect(told.readings).toEqual([]);
    if (settled) told.gate.flushPending();
    await expect
      .poll(() => ({ readings: told.readings, rejected: [...new Set(told.rejected)] }), {
        timeout: 6000,
      })
      .toEqual(expected);
  }
});

test('a process that is held up takes no lone value for whole before it has read on', async () => {
  const told = readingsOf([BOOT, '0.010046\r\n0.010050\r\n0.01\r\n'], LONE);
  const until = performance.now() + 1300;
  while (performance.now() < until);
  await new Promise((timersAreDone) => setTimeout(timersAreDone, 0));
  told.feed(BOOT.slice(2));
  expect(told.readings).toEqual(['0.010046', '0.010050']);
  expect(told.rejected).toContain('cut_short');
});

test('bytes of any kind between readings never make a number of their own', () => {
  const noise = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((text) => !/^[-\d., \r\n]*$/.test(text));
  fc.assert(
    fc.property(noise, (text) => {
      const latin1 = Buffer.from(text, 'utf8')
        .toString('latin1')
        .replaceAll(/[\r\n]/g, '');
      const { readings } = readingsOf([BOOT, wire([latin1, `${latin1}99.9`])], LONE);
      expect(readings).toEqual([]);
    }),
  );
});

test('a value with more or fewer decimals than the sensor has is garbled, the first one too', () => {
  const odd = ['0.10046, 27.68, 7.494', '0.0100460, 27.68, 7.494', '10.046, 27.68, 7.494'];
  for (const garbled of odd) {
    for (const rows of [
      [garbled, ...ROWS],
      [ROWS[0], garbled, ...ROWS.slice(1)],
      [...ROWS, garbled],
    ]) {
      const { readings, rejected } = readingsOf([BOOT + wire(rows as string[])], FULL);
      expect(readings).toEqual(ROWS);
      expect(rejected.filter((reason) => reason === 'garbled')).toEqual(['garbled']);
    }
  }
});

test('whatever lines are garbled, no reading has other decimals, and the sensor’s own are all there', () => {
  const sound = fc.double({ min: 0, max: 2000, noNaN: true }).map((value) => value.toFixed(6));
  const garbled = fc
    .tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 5 }))
    .map(([value, decimals]) => value.toFixed(decimals));
  // Some noise among many readings: never five of it in a row.
  const block = fc.tuple(fc.array(garbled, { maxLength: 1 }), sound, sound);
  fc.assert(
    fc.property(fc.array(block, { minLength: 1 }), (blocks) => {
      const values = blocks.flatMap(([noise, ...two]) => [...noise, ...two]);
      const lines = values.map((value) => `${value}, 27.68, 7.494`);
      const { readings } = readingsOf([BOOT + wire(lines)], FULL);
      expect(readings).toEqual(lines.filter((line) => /^\d+\.\d{6},/.test(line)));
    }),
  );
});

test('decimals that changed for good are believed after five lines, those before them are told', () => {
  const changed = Array.from({ length: 8 }, (_, i) => `0.010${i}, 27.68, 7.494`);
  const { readings, rejected } = readingsOf([BOOT + wire([...ROWS, ...changed])], FULL);
  expect(readings).toEqual([...ROWS, ...changed.slice(4)]);
  expect(rejected.filter((reason) => reason === 'garbled')).toHaveLength(4);
});

test('a preamble like the title of the banner loses no reading', () => {
  for (const preamble of ['Biospherical Instruments Inc', 'Biospherical Instruments Inc: 2150 ']) {
    const lines = ROWS.map((row) => preamble + row);
    expect(
      readingsOf([BOOT + wire(lines) + BOOT + wire(lines)], { ...FULL, preamble }),
    ).toMatchObject({ readings: [...ROWS, ...ROWS] });
  }
});

test('either of the two lines alone opens polled mode', () => {
  const rows = ROWS.map((row) => `A,${row}`);
  for (const line of ['Entering polled mainline sampling', 'Starting Sampling; quiet mode =0']) {
    const boot = wire([...BANNER, line]);
    expect(readingsOf([boot + wire(rows)], { ...FULL, tag: 'A' }).readings).toEqual(ROWS);
  }
});

test('an overlong line is dropped with its tail', () => {
  const long = `${'7'.repeat(5000)}\r\n`;
  const { readings, rejected } = readingsOf(
    [BOOT, `x${long.slice(0, 2500)}`, long, wire(ROWS)],
    FULL,
  );
  expect(readings).toEqual(ROWS);
  expect(rejected).toContain('overlong');
});

test('preamble and tag must be those that were announced', () => {
  const lite = { ...FULL, preamble: '$LITE', voltage: false };
  const taken = (line: string, format: ReadingShape) => readingsOf([BOOT, wire([line])], format);
  expect(taken('$LITE123.456789, 21.34', lite).readings).toEqual(['123.456789, 21.34']);
  expect(taken('123.456789, 21.34', lite).readings).toEqual([]);
  expect(taken('B,0.010046, 27.68, 7.494', { ...FULL, tag: 'A' }).rejected).toContain('wrong_tag');
  expect(taken('A,0.010046, 27.68, 7.494', { ...FULL, tag: 'A' }).readings).toHaveLength(1);
});

test.each([
  '0.010046,27.68,7.494',
  '0.010046, 27.68',
  '0.010046, 27.6, 7.494',
  '0.010046, 27.68, 7.49',
  '0.010046, 27.68, 7.494,',
  ' 0.010046, 27.68, 7.494',
  '00.010046, 27.68, 7.494',
  '10, 27.68, 7.494',
  '6.6e-05, 27.68, 7.494',
  '0.010046, 27.68, 7.4940.010046, 27.68, 7.494',
])('%j is not quite a reading, and is counted as garbled', (line) => {
  const { readings, rejected } = readingsOf([BOOT, wire([line])], FULL);
  expect(readings).toEqual([]);
  expect(rejected.at(-1)).toBe('garbled');
});
