import { expect, test } from 'vitest';
import type { Chunk } from '../../../shared/session.ts';
import { chunksIn, readChunks } from './exact.ts';

const START = Date.UTC(2025, 10, 12);

function chunk(index: number, size = 1000, extension = 'jsonl'): Chunk {
  const at = (second: number) => new Date(START + second * 1000).toISOString();
  return {
    index,
    filename: `chunk_0000${index}.${extension}`,
    size_bytes: size,
    row_count: 1,
    sha256: '',
    created_at: at(index * 60 + 60),
    first_timestamp: at(index * 60),
    last_timestamp: at(index * 60 + 59),
    first_seq: 0,
    last_seq: 0,
  };
}

const CHUNKS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => chunk(index));
const indexes = (from: number, to: number): number[] =>
  chunksIn(CHUNKS, START + from * 1000, START + to * 1000).map((one) => one.index);

test('a short span is read from the chunks that overlap it', () => {
  expect(indexes(70, 130)).toEqual([1, 2]);
});

test('a span of many chunks, of large ones or of other files is left to the preview', () => {
  expect(indexes(0, 600)).toEqual([]);
  expect(chunksIn([chunk(0, 20e6)], START, START + 1000)).toEqual([]);
  expect(chunksIn([chunk(0, 1000, 'csv')], START, START + 1000)).toEqual([]);
});

test('rows become readings at their elapsed time; a marker is no reading', () => {
  const lines = [
    '{"timestamp":"x","value":1.5,"seq":0,"elapsed_s":0.5}',
    '{"timestamp":"x","mode":"SYNC_START","value":"6b2c","seq":1,"elapsed_s":0.6}',
    '{"timestamp":"x","value":2.5,"seq":2,"elapsed_s":0.7}',
  ];
  const { ring } = readChunks([`${lines.slice(0, 2).join('\n')}\n`, `${lines[2]}\n`], START);
  expect(ring.end).toBe(2);
  expect(ring.time(1)).toBe(START + 700);
  expect(ring.value(1)).toBe(2.5);
});
