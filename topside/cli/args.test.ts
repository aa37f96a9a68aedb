import { expect, test } from 'vitest';
import { readOptions } from './args.ts';

const ADDRESS = 'http://blueos.local:9150';
const MINIMUM = [ADDRESS, '--out', 'dives'];

test('an address and a folder are enough', () => {
  expect(readOptions(MINIMUM)).toEqual({
    command: 'mirror',
    base: new URL(`${ADDRESS}/`),
    out: 'dives',
    session: null,
    sinceMs: null,
    once: false,
    join: 'csv',
    report: false,
    tail: true,
    bandwidth: null,
    parallel: 4,
    giveUpS: 30,
    json: false,
    to: null,
    vehicle: 'blueos.local',
    token: null,
  });
});

test('the token comes from the command line, else from the environment', () => {
  const env = { QSENSOR_TOKEN: 'of the environment' };
  expect(readOptions(MINIMUM, env)).toMatchObject({ token: 'of the environment' });
  expect(readOptions([...MINIMUM, '--token', 'given'], env)).toMatchObject({ token: 'given' });
});

test.each([
  ['http://host/extensionv2/qsensor', 'http://host/extensionv2/qsensor/'],
  ['http://host/extensionv2/qsensor/', 'http://host/extensionv2/qsensor/'],
  ['https://host/?theme=dark#x', 'https://host/'],
])('%s is taken as %s', (given, base) => {
  expect(readOptions([given, '--out', 'o'])).toMatchObject({ base: new URL(base) });
});

test.each([
  ['200k', 25_000],
  ['1M', 125_000],
  ['1.5M', 187_500],
  ['800', 100],
])('--bandwidth %s bits a second are %d bytes a second', (given, bandwidth) => {
  expect(readOptions([...MINIMUM, '--bandwidth', given])).toMatchObject({ bandwidth });
});

test.each([
  ['2025-11-12', '2025-11-12T00:00:00Z'],
  ['2025-11-12T14:30:00Z', '2025-11-12T14:30:00Z'],
  ['2025-11-12T14:30', '2025-11-12T14:30:00Z'],
  ['2025-11-12 14:30:05.5', '2025-11-12T14:30:05.5Z'],
  ['2025-11-12T14:30:00+02:00', '2025-11-12T12:30:00Z'],
])('--since %s means %s', (given, time) => {
  expect(readOptions([...MINIMUM, '--since', given])).toMatchObject({ sinceMs: Date.parse(time) });
});

test.each([
  [[], true],
  [['--no-tail'], false],
  [['--once'], false],
  [['--bandwidth', '1M'], false],
  [['--bandwidth', '1M', '--tail'], true],
])('with %j rows are followed ahead of their chunks: %s', (more, tail) => {
  expect(readOptions([...MINIMUM, ...more])).toMatchObject({ tail });
});

test.each([
  ['s3://fleet', ''],
  ['s3://fleet/', ''],
  ['s3://fleet/light', 'light/'],
  ['s3://fleet/a/b/', 'a/b/'],
])('--to %s puts keys below "%s"', (to, prefix) => {
  expect(readOptions([...MINIMUM, '--to', to])).toMatchObject({ to: { bucket: 'fleet', prefix } });
});

test('verify takes a folder', () => {
  const expected = { command: 'verify', folder: 'dives', json: true };
  expect(readOptions(['verify', 'dives', '--json'])).toEqual(expected);
});

test.each([
  [[], 'address is missing'],
  [[ADDRESS], '--out'],
  [['blueos.local:9150', '--out', 'o'], 'blueos.local:9150'],
  [['ftp://x', '--out', 'o'], 'ftp://x'],
  [[...MINIMUM, 'more'], 'more'],
  [[...MINIMUM, '--nonsense'], '--nonsense'],
  [[...MINIMUM, '--session', 'newest'], 'newest'],
  [[...MINIMUM, '--session', '../x'], '../x'],
  [[...MINIMUM, '--since', 'yesterday'], 'yesterday'],
  [[...MINIMUM, '--since', '2025-13-40'], '2025-13-40'],
  [[...MINIMUM, '--since', '2025-02-30'], '2025-02-30'],
  [[...MINIMUM, '--since', '2025-11-12 soon'], 'soon'],
  [[...MINIMUM, '--join', 'xml'], 'xml'],
  [[...MINIMUM, '--bandwidth', '0'], '--bandwidth 0'],
  [[...MINIMUM, '--bandwidth', '1 MB'], '1 MB'],
  [[...MINIMUM, '--parallel', '0'], '--parallel 0'],
  [[...MINIMUM, '--give-up', '-1'], '--give-up'],
  [[...MINIMUM, '--to', 'bucket/prefix'], 'bucket/prefix'],
  [[...MINIMUM, '--token', 'gr\u00fcn'], 'token'],
  [['verify'], 'folder'],
  [['verify', 'a', 'b'], 'folder'],
])('%j is one line that names what is wrong', (argv, named) => {
  expect(() => readOptions(argv)).toThrow(named);
  expect(() => readOptions(argv)).toThrow(/^[^\n]*$/);
  expect(() => readOptions(argv)).toThrow(expect.objectContaining({ exitCode: 2 }));
});
