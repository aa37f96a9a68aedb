import { expect, test } from 'vitest';
import { parseSpec } from './spec.ts';

test('"sim:" alone asks for nothing special', () => {
  expect(parseSpec('sim:')).toEqual({
    ...{ settings: {}, device: {}, replay: null, dive: null },
  });
});

test('every option is read', () => {
  const path =
    'sim:rate=500,averaging=1,seed=7,speed=2.5,baud=115200,serial=00 #1 ,mode=polled,tag=C,' +
    'temperature=0,voltage=1,preamble=$A=,decimals=3,quiet=1,burst=0,replay=/tmp/a=b.csv';
  expect(parseSpec(path)).toEqual({
    settings: {
      rate: 500,
      averaging: 1,
      baud: 115_200,
      serial: 'SIM00 #1 ',
      mode: 'polled',
      tag: 'C',
      temperature: false,
      voltage: true,
      preamble: '$A=',
      decimals: 3,
      quiet: true,
    },
    device: { seed: 7, speed: 2.5, burst: 0 },
    ...{ replay: '/tmp/a=b.csv', dive: null },
  });
  expect(parseSpec('sim:dive=1').dive).toBe(1);
});

test('an id that begins with SIM stays as it is', () => {
  expect(parseSpec('sim:serial=SIM7').settings.serial).toBe('SIM7');
});

test.each([
  ['rate=100', 'rate', '100', '4, 8, 16, 33, 62, 125, 250, 500'],
  ['rate=', 'rate', '', '125'],
  ['rate=0x7d', 'rate', '0x7d', '125'],
  ['averaging=0', 'averaging', '0', '1 to 65535'],
  ['averaging=1.5', 'averaging', '1.5', 'whole number'],
  ['speed=0', 'speed', '0', 'above 0'],
  ['speed=1e3', 'speed', '1e3', 'above 0'],
  ['baud=9601', 'baud', '9601', '9600'],
  ['mode=Polled', 'mode', 'Polled', 'freerun or polled'],
  ['tag=ab', 'tag', 'ab', 'A to Z'],
  ['temperature=yes', 'temperature', 'yes', '0 or 1'],
  ['decimals=9', 'decimals', '9', '1 to 8'],
  ['serial=', 'serial', '', 'printable'],
  ['dive=0', 'dive', '0', 'above 0'],
  ['burst=-1', 'burst', '-1', '0 to 1000'],
  ['seed=1,replay', 'replay', '', 'path'],
])('%s is refused with the key, the value and what is allowed', (options, key, value, allowed) => {
  expect(() => parseSpec(`sim:${options}`)).toThrow(`"${key}" cannot be "${value}"; allowed: `);
  expect(() => parseSpec(`sim:${options}`)).toThrow(allowed);
});

test.each(['speeed=2', 'toString=1', 'RATE=125'])('the unknown option %s is named', (option) => {
  const [name] = option.split('=');
  expect(() => parseSpec(`sim:${option}`)).toThrow(`Unknown simulator option "${name}"`);
  expect(() => parseSpec(`sim:${option}`)).toThrow('known are rate, averaging');
});

test('a dive and a file to replay are refused together', () => {
  expect(() => parseSpec('sim:dive=1,replay=/tmp/a.csv')).toThrow('can not both be');
});

test('another kind of path is refused', () => {
  expect(() => parseSpec('/dev/ttyUSB0')).toThrow('does not begin with "sim:"');
});
