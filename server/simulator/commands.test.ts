import { expect, test } from 'vitest';
import type { Settings } from './settings.ts';
import { Workbench } from './workbench.ts';

const PROMPT = '\r\nSelect the letter of the menu entry:\r\n';

/** A device that waits at the prompt of its menu. */
function inMenu(settings: Partial<Settings> = {}): Workbench {
  const device = new Workbench(settings);
  device.wait(2);
  device.type('\x1b');
  expect(device.settle()).toMatch(new RegExp(`${PROMPT}$`));
  return device;
}

/** Types one key, and waits for the question that it brings. */
function ask(device: Workbench, key: string): string {
  device.type(key);
  return device.wait(0.5);
}

/** Types the last keys of a command; returns what comes before the menu does. */
function answer(device: Workbench, keys: string): string {
  device.type(keys);
  const said = device.settle();
  expect(said.endsWith(PROMPT), said).toBe(true);
  return said.slice(0, said.indexOf('Biospherical'));
}

test('A takes a number that ends with CR', () => {
  const device = inMenu();
  expect(ask(device, 'a')).toMatch(
    /^[^\r]+\r\n[^\r]+\r\nEnter # readings to average before update \(1-65535\): $/,
  );
  expect(answer(device, '125\r')).toBe('125 was entered\r\n\r\nADC set to averaging 125\r\n');
  expect(device.board.settings.averaging).toBe(125);
});

test.each(['0', '65536', 'x', ''])('A refuses "%s" and pauses 4 s', (number) => {
  const device = inMenu({ averaging: 8 });
  ask(device, 'A');
  const before = device.now;
  expect(answer(device, `${number}\r`)).toContain(
    '****Invalid number, averaging set to 12. Command ignored ****\r\n',
  );
  const said = device.emissions.findIndex(({ text }) => text.startsWith('****Invalid'));
  const next = device.emissions[said + 1];
  expect((next?.start ?? 0) - (device.emissions[said]?.end ?? 0)).toBeCloseTo(4 + 1, 6);
  expect(device.now).toBeGreaterThan(before + 5);
  expect(device.board.settings.averaging).toBe(8);
});

test.each(['A', 'R'])('%s waits for its CR for ever', (letter) => {
  const device = inMenu();
  ask(device, letter);
  device.type('125');
  expect(device.wait(86_400)).toBe('');
});

test.each([4, 8, 16, 33, 62, 125, 250, 500])('R takes %i Hz', (rate) => {
  const device = inMenu();
  expect(ask(device, 'R')).toBe(
    'Enter ADC rate (4, 8, 16, 33, 62, 125, 250* Hz)\r\n *250Hz is at reduced resolution     ---- Enter selection: ',
  );
  expect(answer(device, `${rate}\r`)).toBe(`\r\nADC rate set to ${rate}\r\n`);
  expect(device.board.settings.rate).toBe(rate);
});

test('R refuses any other rate and pauses 5 s', () => {
  const device = inMenu({ rate: 62 });
  ask(device, 'R');
  expect(answer(device, '100\r')).toBe('\r\nInvalid rate!!! Command is ignored.\r\n');
  const said = device.emissions.findIndex(({ text }) => text.startsWith('Invalid rate'));
  const gap = (device.emissions[said + 1]?.start ?? 0) - (device.emissions[said]?.end ?? 0);
  expect(gap).toBeCloseTo(5 + 1, 6);
  expect(device.board.settings.rate).toBe(62);
});

test('R tells when the ADC does not take the rate, and pauses 3 s', () => {
  const device = inMenu({ rate: 62 });
  device.board.faults.rateSetupFails = true;
  ask(device, 'R');
  expect(answer(device, '125\r')).toBe(
    '\r\n**** Oh my goodness! Option ADC rate setting failed. Try again ****\r\n',
  );
  const said = device.emissions.findIndex(({ text }) => text.startsWith('**** Oh'));
  const gap = (device.emissions[said + 1]?.start ?? 0) - (device.emissions[said]?.end ?? 0);
  expect(gap).toBeCloseTo(3 + 1, 6);
  expect(device.board.settings.rate).toBe(62);
});

test('M 0 sets freerun without a CR', () => {
  const device = inMenu({ mode: 'polled' });
  expect(ask(device, 'm')).toBe(
    'Set operating mode.  Mode 0 is freerun, 1 is polled.  Polled require a TAG to be defined\r\n' +
      'Enter the operating mode number: ',
  );
  expect(answer(device, '0')).toBe('0\r\n');
  expect(device.board.settings.mode).toBe('freerun');
});

test('M 1 asks for the tag and sets both', () => {
  const device = inMenu();
  ask(device, 'M');
  expect(ask(device, '1')).toBe(
    '\r\nEnter the single character that will be the tag used in polling (A-F) UPPER case\r\n' +
      'Note tags G-Z may not be supported in some Biospherical acquisition software : ',
  );
  answer(device, 'C');
  expect(device.board.settings).toMatchObject({ mode: 'polled', tag: 'C' });
});

test.each(['\r', '2', '\x1b'])('M takes %j as an answer and is confused', (key) => {
  const device = inMenu();
  ask(device, 'M');
  expect(answer(device, key)).toBe('I am confused\r\n');
  expect(device.board.settings.mode).toBe('freerun');
});

test.each(['\r', 'a', '1'])('M takes %j for a bad tag and stays in its mode', (tag) => {
  const device = inMenu({ tag: 'B' });
  ask(device, 'M');
  ask(device, '1');
  expect(answer(device, tag)).toBe(' Bad TAG \r\n');
  expect(device.board.settings).toMatchObject({ mode: 'freerun', tag: 'B' });
});

test.each([['M'], ['M', '1']])('M gives up 20 s after its question (%s %s)', (...keys) => {
  const device = inMenu();
  for (const key of keys) ask(device, key);
  const asked = device.emissions.at(-1)?.end ?? 0;
  expect(answer(device, '')).toBe('Timed out waiting for response. \r\n');
  const gaveUp = device.emissions.find(({ text }) => text.startsWith('Timed out'));
  expect((gaveUp?.start ?? 0) - asked).toBeCloseTo(20, 6);
  expect(device.board.settings.mode).toBe('freerun');
});

test('O asks for temperature, then for voltage', () => {
  const device = inMenu();
  expect(ask(device, 'o')).toMatch(/temperature.*: $/i);
  expect(ask(device, 'n')).toMatch(/voltage.*: $/i);
  answer(device, 'Y');
  expect(device.board.settings).toMatchObject({ temperature: false, voltage: true });
  expect(ask(device, 'O')).toMatch(/temperature/i);
  ask(device, 'y');
  answer(device, 'N');
  expect(device.board.settings).toMatchObject({ temperature: true, voltage: false });
});

test('O leaves an output as it is when the answer is neither Y nor N', () => {
  const device = inMenu({ temperature: false, voltage: true });
  ask(device, 'O');
  ask(device, '\r');
  answer(device, '?');
  expect(device.board.settings).toMatchObject({ temperature: false, voltage: true });
});

test('Q sets the quiet start', () => {
  const device = inMenu();
  ask(device, 'Q');
  answer(device, '1');
  expect(device.board.settings.quiet).toBe(true);
  ask(device, 'Q');
  expect(answer(device, 'x')).toBe('I am confused\r\n');
  expect(device.board.settings.quiet).toBe(true);
});

test('P, C and B take text that ends with CR', () => {
  const device = inMenu();
  ask(device, 'P');
  answer(device, '$LITE\r');
  ask(device, 'C');
  answer(device, '2.5\r');
  ask(device, 'B');
  answer(device, '115200\r');
  const { settings, baud } = device.board;
  expect(settings).toMatchObject({ preamble: '$LITE', calibrationFactor: 2.5, baud: 115_200 });
  expect(baud, 'until the reset').toBe(9600);
  device.type('X');
  device.wait(1);
  expect(device.board.baud).toBe(115_200);
});

test('B and C refuse what makes no sense', () => {
  const device = inMenu();
  ask(device, 'B');
  answer(device, '9601\r');
  ask(device, 'C');
  answer(device, 'abc\r');
  expect(device.board.settings).toMatchObject({ baud: 9600, calibrationFactor: 1 });
});

test('^ dumps the configuration; the tag is empty in freerun', () => {
  const settings = { averaging: 125, serial: 'SIM 12#   ', tag: 'D' };
  expect(answer(inMenu(settings), '^')).toMatch(
    /^125,9600,1\.000000,,E,4\.003,G,H,SIM 12# {3},1\.000000,0\.000000,7\.\d{3},0,,.*\r\n$/,
  );
  expect(answer(inMenu({ ...settings, mode: 'polled' }), '^')).toMatch(/,7\.\d{3},1,D,.*\r\n$/);
});

test.each(['\r', '\x1b', '?', 'z', '1'])(
  '%j is no command: the menu comes again after 1 s',
  (key) => {
    const device = inMenu();
    const before = device.now;
    expect(answer(device, key)).toBe('');
    expect(device.emissions.find(({ start }) => start >= before)?.start).toBeCloseTo(before + 1, 6);
  },
);

test('X says that it resets, and starts again', () => {
  const device = inMenu({ averaging: 125 });
  device.type('x');
  const said = device.wait(2);
  expect(said).toMatch(/^Calling reset!\r\nRebooting program\r\n\r\nBiospherical/);
  expect(said).toContain('Start free run sampling\r\n');
});

test('keys that come while the device prints or pauses are lost', () => {
  const device = inMenu({ averaging: 8 });
  device.type('A125\r');
  device.wait(0.5);
  expect(answer(device, '16\r')).toContain('ADC set to averaging 16');
  device.type('z');
  device.wait(0.5);
  device.type('X');
  expect(device.settle()).toMatch(new RegExp(`${PROMPT}$`));
});

test('nothing is echoed', () => {
  const device = inMenu();
  ask(device, 'A');
  device.type('12');
  expect(device.wait(1)).toBe('');
});
