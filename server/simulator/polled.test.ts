import { expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

/** A polled device, 125 readings at 125 Hz, that has printed its banner. */
function polledDevice(): Workbench {
  const device = new Workbench({ mode: 'polled', tag: 'B', averaging: 125, preamble: '$' });
  device.wait(2);
  return device;
}

const ROW = /^B,\$\d+\.\d{6}, 2\d\.\d\d, 7\.\d{3}\r\n$/;

test('no query is answered before the first command', () => {
  const device = polledDevice();
  device.type('>B*');
  expect(device.wait(60)).toBe('');
});

test('a query after the average is full is answered at once', () => {
  const device = polledDevice();
  device.type('*BQ000!');
  expect(device.wait(1.1)).toBe('');
  device.type('>B*');
  expect(device.wait(0)).toMatch(ROW);
  expect(device.wait(60)).toBe('');
});

test('a query before the average is full is answered when it is', () => {
  const device = polledDevice();
  device.type('*BQ000!');
  const began = device.now;
  device.wait(0.3);
  device.type('>B*');
  expect(device.wait(0.7)).toBe('');
  expect(device.wait(0.1)).toMatch(ROW);
  expect(device.emissions.at(-1)?.start).toBeCloseTo(began + 1.0338, 6);
});

test('polling twice a second gives 7 rows in 10 s, as on hardware', () => {
  const device = polledDevice();
  device.type('*BQ000!');
  device.wait(1.1);
  let rows = '';
  for (let i = 0; i < 20; i += 1) {
    device.type('>B*');
    rows += device.wait(0.5);
  }
  expect(rows.match(/^B,/gm)).toHaveLength(7);
});

test('another tag is not answered', () => {
  const device = polledDevice();
  device.type('*AQ000!');
  device.wait(2);
  device.type('>B*');
  expect(device.wait(5)).toBe('');
  device.type('*BQ000!');
  device.wait(2);
  device.type('>A*');
  expect(device.wait(5)).toBe('');
});

test('after a reset the first command is needed again', () => {
  const device = polledDevice();
  device.type('*BQ000!');
  device.wait(2);
  device.type('\x1b');
  device.settle();
  device.type('X');
  device.wait(3);
  device.type('>B*');
  expect(device.wait(10)).toBe('');
});

test('ESC leads into the menu while a query waits', () => {
  const device = polledDevice();
  device.type('*BQ000!>B*\x1b');
  expect(device.settle()).toMatch(/Select the letter of the menu entry:\r\n$/);
  expect(device.emissions.filter(({ reading }) => reading)).toEqual([]);
});
