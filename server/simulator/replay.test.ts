import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadReplay, parseReplay } from './replay.ts';
import { defaultSettings } from './settings.ts';
import { Workbench } from './workbench.ts';

const HEADER = 'timestamp,sensor_id,mode,value,TempC,Vin';
const ROWS = [
  '2025-11-12T14:30:45.000000Z,serial 1#  ,freerun,0.000066,27.68,7.494',
  '2025-11-12T14:30:46.033800Z,serial 1#  ,freerun,-0.0100460,27.26,7.515',
  '2025-11-12T14:30:46.100000Z,serial 1#  ,freerun,1234.5,26.85,7.49',
];
const FILE = `${[HEADER, ...ROWS].join('\n')}\n`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('the timing is that of the file, and the digits, with zeros put back that its writer dropped', () => {
  const { averages, settings } = parseReplay(FILE, 'a.csv');
  const device = new Workbench({ ...settings, quiet: true, baud: 115_200 });
  device.board.averages = averages;
  device.settle();
  const sent = device.emissions.filter(({ reading }) => reading);
  expect(sent.map(({ text }) => text)).toEqual([
    '0.0000660, 27.68, 7.494\r\n',
    '-0.0100460, 27.26, 7.515\r\n',
    '1234.5000000, 26.85, 7.49\r\n',
  ]);
  const [first = 0, second = 0, third = 0] = sent.map(({ start }) => start);
  expect(second - first).toBeCloseTo(1.0338, 6);
  expect(third - second).toBeCloseTo(0.0662, 6);
});

test('after the last row the device is silent, but hears ESC', () => {
  const { averages } = parseReplay(FILE, 'a.csv');
  const device = new Workbench();
  device.board.averages = averages;
  device.settle();
  expect(device.wait(3600)).toBe('');
  device.type('\x1b');
  expect(device.settle()).toContain('Select the letter');
});

test('the file begins at the first start from the menu, and later visits lose no row', () => {
  const { averages } = parseReplay(FILE, 'a.csv');
  const device = new Workbench({ quiet: true });
  device.board.averages = averages;
  const rows = () => device.emissions.filter(({ reading }) => reading).length;
  const visit = () => {
    device.type('\x1b');
    device.settle();
    device.type('X');
  };
  device.wait(1);
  const unheard = rows();
  visit();
  device.wait(8);
  const heard = rows() - unheard;
  visit();
  device.settle();
  expect([unheard, heard > 0, rows() - unheard]).toEqual([1, true, 3]);
});

test('the id gets SIM before it, and empty columns are not sent', () => {
  const rows = '2025-11-12T14:30:45Z,Q7,freerun,1.0,,7.494';
  expect(parseReplay(`${HEADER}\r\n${rows}\r\n`, 'a.csv').settings).toEqual({
    serial: 'SIMQ7',
    temperature: false,
    voltage: true,
  });
});

test('a clock set back in the file counts as no time', () => {
  const back = ROWS.map((row, i) => (i === 1 ? row.replace('14:30:46', '14:30:16') : row));
  const { averages } = parseReplay([HEADER, ...back].join('\n'), 'a.csv');
  expect(averages(1, 10, defaultSettings())?.at).toBe(10);
});

test.each([
  ['', 'a.csv cannot be replayed: its first line is "", not "timestamp,'],
  ['timestamp,value\n1,2\n', 'its first line is "timestamp,value", not'],
  [`${HEADER}\n`, 'a.csv cannot be replayed: it has no rows'],
  [`${HEADER}\n${ROWS[0]}\n1,2,3\n`, 'a.csv line 3 has 3 fields, not 6'],
  [`${HEADER}\nyesterday,Q,freerun,1,2,3\n`, 'a.csv line 2: "yesterday" is no ISO 8601 time'],
  [`${HEADER}\n2025-11-12T14:30:45Z,Q,freerun,6.6e-05,2,3\n`, 'line 2: the value "6.6e-05"'],
  [`${HEADER}\n2025-11-12T14:30:45Z,Q,freerun,1,2,x\n`, 'line 2: "x" is no decimal number'],
  [
    `${HEADER}\n${ROWS[0]}\n2025-11-12T14:30:45Z,Q,freerun,1,,3\n`,
    'a.csv line 3: TempC and Vin must be empty in all rows or in none',
  ],
])('the file %j is refused with the place and the reason', (content, message) => {
  expect(() => parseReplay(content, 'a.csv')).toThrow(message);
});

test('a file is read from the disk; one that is not there is named', async () => {
  const path = join(folder, 'dive.csv');
  await writeFile(path, FILE);
  expect((await loadReplay(path)).settings.serial).toBe('SIMserial 1#  ');
  await expect(loadReplay(join(folder, 'none.csv'))).rejects.toThrow(
    /Cannot read the file to replay: .*none\.csv/,
  );
});
