import { expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const BANNER = [
  '',
  'Biospherical Instruments Inc: Digital Engine Vers 4.003',
  'Unit ID SIM0001',
  'Operating in free run mode',
  'ADC sample rate 125, gain 1',
  'Averaging 8 readings',
  'ADC Buffer disabled',
  /^Sensor temperature: 2\d\.\d\d C$/,
  /^Input Supply Voltage: 7\.\d{3}v$/,
  'Calfactor: 1.000000',
  'ADC OK',
  'Start free run sampling',
  'Starting Sampling; quiet mode =0',
];

function linesOf(text: string): string[] {
  return text.split('\r\n').slice(0, -1);
}

test('the banner comes first, then readings', () => {
  const lines = linesOf(new Workbench().wait(3));
  BANNER.forEach((line, i) => {
    if (typeof line === 'string') expect(lines[i]).toBe(line);
    else expect(lines[i]).toMatch(line);
  });
  const readings = lines.slice(BANNER.length);
  expect(readings.length).toBeGreaterThan(10);
  for (const line of readings) expect(line).toMatch(/^\d+\.\d{6}, 2\d\.\d\d, 7\.\d{3}$/);
});

test('a polled device names its tag in the banner and stays silent', () => {
  const device = new Workbench({ mode: 'polled', tag: 'B', averaging: 1 });
  const lines = linesOf(device.wait(2));
  expect(lines).toContain('Operating in polled mode with tag of B');
  expect(lines).toContain('No Averaging');
  expect(lines).toContain('Entering polled mainline sampling');
  expect(device.wait(60)).toBe('');
});

test('a quiet device says nothing before its first reading, nor on entry to its menu', () => {
  const device = new Workbench({ quiet: true });
  expect(linesOf(device.wait(2))[0]).toMatch(/^\d+\.\d{6}, /);
  device.type('\x1b');
  expect(device.settle()).not.toContain('Unit ID');
});

test('an ADC that is not set up leads into the menu', () => {
  const device = new Workbench();
  device.board.faults.adcSetup = 'incomplete';
  const said = device.settle();
  expect(said).toContain('SetupADC did not complete correctly\r\n');
  expect(said).toMatch(/Select the letter of the menu entry:\r\n$/);
});

test('an ADC that did not start goes on all the same', () => {
  const device = new Workbench();
  device.board.faults.adcSetup = 'failed';
  expect(device.wait(3)).toMatch(/ADC did not startup ok\r\nStart free run sampling\r\n/);
});

test.each(['\x1b', '?'])('%j brings the banner, 1 s of silence, then the menu', (key) => {
  const device = new Workbench({ averaging: 125 });
  device.wait(1.5);
  const before = device.emissions.length;
  device.type(key);
  const said = device.settle();
  expect(said).toMatch(/^\r\nBiospherical Instruments Inc: Digital Engine Vers 4\.003\r\nUnit ID/);
  const menu = device.emissions.findIndex(({ text }) => text.includes('Digital Log Engine'));
  const gap = (device.emissions[menu]?.start ?? 0) - (device.emissions[menu - 1]?.end ?? 0);
  expect(gap).toBeCloseTo(1, 6);
  expect(device.emissions.slice(before).filter((emission) => emission.reading)).toEqual([]);
  expect(device.wait(3600)).toBe('');
});

test('the menu shows the values of today', () => {
  const device = new Workbench({
    serial: 'SIM 4#  ',
    averaging: 33,
    rate: 62,
    tag: 'F',
    mode: 'polled',
    preamble: '$LITE',
    temperature: false,
    quiet: true,
    units: 'uE',
  });
  device.wait(2);
  device.type('\x1b');
  const lines = linesOf(device.settle());
  expect(lines).toHaveLength(25);
  expect(lines).toEqual(
    expect.arrayContaining([
      'Biospherical Instruments Inc: Digital Log Engine v: 4.003',
      'Model: SIM 4#  ',
      'A to set number of samples averaged before update: 33',
      'B to set the baudrate, now: 9600',
      'M to set the operating mode (0=streaming, 1=polled with tag= F) currently 1',
      'O to configure the OUTPUTs, temperature is disabled, line voltage is enabled',
      'P to set a preamble for the data transmission = $LITE',
      'Q to set startup mode (1 = no diagnostic messages, or 0 for diagnostics): 1',
      'R to set ADC sample rate: 62',
      'U sets the calibration units: uE',
    ]),
  );
  expect(lines.slice(-2)).toEqual(['', 'Select the letter of the menu entry:']);
});

test('ESC is ignored while the banner is being printed', () => {
  const device = new Workbench();
  for (let i = 0; i < 8; i += 1) {
    device.wait(0.1);
    device.type('\x1b');
  }
  expect(device.emissions.at(-1)?.text, 'still the banner').not.toContain('Starting');
  const said = device.wait(3);
  expect(said).toContain('Starting Sampling; quiet mode =0');
  expect(said).not.toContain('Select the letter');
});

test('125 readings at 125 Hz take 1.0338 s', () => {
  const device = new Workbench({ averaging: 125, baud: 9600 });
  device.wait(30);
  const starts = device.emissions.filter(({ reading }) => reading).map(({ start }) => start);
  expect(starts.length).toBeGreaterThan(25);
  starts.slice(1).forEach((start, i) => {
    expect(start - (starts[i] ?? 0)).toBeCloseTo(1.0338, 9);
  });
});

test('a line that is being printed when ESC comes is finished first', () => {
  const device = new Workbench({ averaging: 125 });
  while (!device.emissions.at(-1)?.reading) device.wait(0.001);
  device.type('\x1b');
  const said = device.settle();
  expect(device.emissions.filter(({ reading }) => reading)).toHaveLength(1);
  expect(said).toContain('Select the letter of the menu entry:');
});

test('a visit to the menu throws the average in progress away', () => {
  const device = new Workbench({ averaging: 125, quiet: true });
  device.wait(1.4);
  device.type('\x1b');
  device.settle();
  device.type('X');
  device.wait(3);
  const first = device.emissions.find(({ reading }) => reading);
  const reset = device.emissions.find(({ text }) => text.startsWith('Calling reset!'));
  expect((first?.start ?? 0) - (reset?.end ?? 0)).toBeGreaterThan(1.0338);
});

test('everything but ESC and ? is ignored while streaming', () => {
  const device = new Workbench({ averaging: 125 });
  device.wait(2);
  device.type('ARMX0\r^');
  expect(device.wait(5)).toMatch(/^(\d+\.\d{6}, 2\d\.\d\d, 7\.\d{3}\r\n){4,5}$/);
});

test.each([
  [{ temperature: false, voltage: false }, /^\d+\.\d{6}\r\n$/],
  [{ temperature: true, voltage: false }, /^\d+\.\d{6}, 2\d\.\d\d\r\n$/],
  [{ temperature: false, voltage: true, decimals: 2 }, /^\d+\.\d{2}, 7\.\d{3}\r\n$/],
  [{ preamble: '$LITE', voltage: false }, /^\$LITE\d+\.\d{6}, 2\d\.\d\d\r\n$/],
])('a line has the fields that are enabled: %j', (settings, shape) => {
  const device = new Workbench({ averaging: 125, ...settings });
  device.wait(3);
  expect(device.emissions.find(({ reading }) => reading)?.text).toMatch(shape);
});

test('a line too slow for the rate loses averages: those that it sends are of now', () => {
  const device = new Workbench({ rate: 500, averaging: 1, baud: 1200 });
  const { averages } = device.board;
  let latest = 0;
  device.board.averages = (...asked) => {
    const average = averages(...asked);
    latest = average?.at ?? 0;
    return average;
  };
  device.wait(60);
  expect(latest).toBeGreaterThan(59.5);
  expect(device.board.count).toBeLessThan(300);
});

test('the same seed gives the same readings', () => {
  expect(new Workbench().wait(20)).toBe(new Workbench().wait(20));
});
