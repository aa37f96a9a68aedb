import { expect, test } from 'vitest';
import { Progress } from '../progress.ts';
import { jsonOutput, plainOutput, progressLine, terminalOutput } from './outputs.ts';

const PROGRESS = new Progress(() => 10_500);

test('progress tells chunks, bytes, rate, lag and time left', () => {
  let now = 0;
  const progress = new Progress(
    () => 10_500,
    () => now,
  );
  progress.here(8000);
  progress.expect('a', { chunks: 40, bytes: 4.5e6 });
  for (; now < 2; now += 0.5) progress.bytes('a', 100_000);
  progress.chunk('a');
  expect(progressLine(progress.now())).toBe(
    '1 of 40 chunks, 400 kB of 4.50 MB, 200 kB/s, 3 s behind, 21 s left',
  );
  now = 60;
  expect(progressLine(progress.now())).toBe(
    '1 of 40 chunks, 400 kB of 4.50 MB, 0 B/s, 3 s behind, waiting',
  );
});

test('with all here and nothing recorded, it says so', () => {
  expect(progressLine(PROGRESS.now())).toBe('0 chunks, 0 B, nothing to follow');
});

test.each([
  [80, '1 of 40 chunks, 400 kB of 4.50 MB, 160 kB/s, 3 s behind, 26 s left'],
  [40, '1 of 40 chunks, 3 s behind, 26 s left'],
  [30, '3 s behind, 26 s left'],
  [20, '3 s behind'],
  [5, ''],
])('in %i columns it tells what matters most', (room, expected) => {
  let now = 0;
  const progress = new Progress(
    () => 10_500,
    () => now,
  );
  progress.here(8000);
  progress.expect('a', { chunks: 40, bytes: 4.5e6 });
  for (; now < 2; now += 0.5) progress.bytes('a', 100_000);
  progress.chunk('a');
  now = 2.5;
  expect(progressLine(progress.now(), room)).toBe(expected);
});

test('a terminal keeps one line at its width, and no chunk scrolls by', () => {
  let text = '';
  const output = terminalOutput(
    (more) => {
      text += more;
    },
    () => 20,
  );
  output.tell({ event: 'progress', ...PROGRESS.now() });
  output.tell({ event: 'chunk', session_id: 's', filename: 'f', size_bytes: 1 });
  output.tell({ event: 'note', detail: 'hello' });
  output.end();
  expect(text.split('\r\u001b[K')).toEqual([
    '',
    'nothing to follow',
    'hello\n',
    'nothing to follow\n',
  ]);
});

test('plain lines carry a time, and progress only when it changes', () => {
  const lines: string[] = [];
  const output = plainOutput((line) => lines.push(line));
  for (let time = 0; time < 3; time += 1) output.tell({ event: 'progress', ...PROGRESS.now() });
  output.tell({ event: 'lost', detail: 'gone' });
  expect(lines).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 0 chunks, 0 B.*\n$/),
    expect.stringMatching(/Z gone\n$/),
  ]);
});

test('JSON is one object a line', () => {
  const lines: string[] = [];
  jsonOutput((line) => lines.push(line)).tell({ event: 'note', detail: 'two\nlines' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'note', detail: 'two\nlines' });
});
