import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoMicros } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import { rowPrefix } from '../../shared/row.ts';
import type { RowText } from '../../shared/stored-rows.ts';
import { chunkRows, type DamagedChunkError } from './chunk-rows.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chunk-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const READING: Reading = {
  wallMicros: 1_762_957_845_123_456,
  mono: 1,
  sensorId: 'serial ######   ',
  mode: 'freerun',
  value: '0.000066',
  temperature: '27.60',
  voltage: null,
};
const LINE = `${rowPrefix(READING)},"seq":7,"elapsed_s":0.120}\n`;
const ROW: RowText = {
  timestamp: '2025-11-12T14:30:45.123456Z',
  sensorId: 'serial ######   ',
  mode: 'freerun',
  value: '0.000066',
  temperature: '27.60',
  voltage: '',
  seq: '7',
  elapsed: '0.120',
};
const CSV_HEADER = 'timestamp,sensor_id,mode,value,TempC,Vin';

/** All rows of one chunk, and every damage told on the way. */
async function read(content: string | Buffer, filename = 'chunk_00000.jsonl') {
  const path = join(folder, filename);
  await writeFile(path, content);
  const rows: RowText[] = [];
  const damages: DamagedChunkError[] = [];
  for await (const block of chunkRows([path], (damage) => damages.push(damage))) {
    rows.push(...block);
  }
  return { rows, damages };
}

async function damagedLines(content: string | Buffer, filename?: string): Promise<number[]> {
  const { damages } = await read(content, filename);
  return damages.map(({ line }) => line);
}

describe('chunkRows', () => {
  it('reads the rows of a chunk with their digits as they stand', async () => {
    const next = LINE.replace('"seq":7', '"seq":8').replace('"Vin":null', '"Vin":-7e-3');
    expect((await read(LINE + next)).rows).toEqual([ROW, { ...ROW, seq: '8', voltage: '-7e-3' }]);
  });

  it('reads whatever ids and digits the recorder can write', async () => {
    const number = fc.stringMatching(/^-?(0|[1-9]\d{0,5})(\.\d{1,12})?$/);
    const anyRow = fc.record({
      wallMicros: fc.integer({ min: 0, max: 4e15 }),
      sensorId: fc.string({ unit: 'grapheme' }),
      mode: fc.constantFrom('freerun' as const, 'polled' as const),
      value: number,
      temperature: fc.option(number),
      voltage: fc.option(number),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), async (readings) => {
        const lines = readings.map(
          (reading, seq) => `${rowPrefix({ ...reading, mono: 0 })},"seq":${seq},"elapsed_s":0.5}\n`,
        );
        const { rows, damages } = await read(lines.join(''));
        expect(damages).toEqual([]);
        expect(rows).toEqual(
          readings.map((reading, seq) => ({
            timestamp: isoMicros(reading.wallMicros),
            sensorId: reading.sensorId,
            mode: reading.mode,
            value: reading.value,
            temperature: reading.temperature ?? '',
            voltage: reading.voltage ?? '',
            seq: String(seq),
            elapsed: '0.5',
          })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('reads rows across the borders of its blocks', async () => {
    const lines = Array.from({ length: 5000 }, (_, seq) => LINE.replace('"seq":7', `"seq":${seq}`));
    const { rows, damages } = await read(lines.join(''));
    expect(damages).toEqual([]);
    expect(rows.map(({ seq }) => seq)).toEqual(lines.map((_, seq) => String(seq)));
  });

  it('reads rows with blanks and with fields that it does not know', async () => {
    const spaced = LINE.replaceAll(':', ': ').replaceAll('T14: 30: 45', 'T14:30:45');
    const more = LINE.replace('{', '{"extra":{"value":5},"note":"a\\"value\\":1",');
    expect((await read(spaced + more)).rows).toEqual([ROW, ROW]);
  });

  it('reads sync markers', async () => {
    const marker = LINE.replace('freerun', 'SYNC_START')
      .replace('0.000066', '"b0a1"')
      .replace('27.60', 'null');
    expect((await read(marker)).rows).toEqual([
      { ...ROW, mode: 'SYNC_START', value: 'b0a1', temperature: '' },
    ]);
  });

  it('reads chunks of CSV, with either line end', async () => {
    const { rows, damages } = await read(
      `${CSV_HEADER}\n2025-11-18T12:00:01.123456+00:00,serial ######   ,freerun,0.010,26.85,7.494\r\n` +
        '2025-11-18T12:00:02.000000+00:00,serial ######   ,SYNC_STOP,b0a1-17,,\n',
      'chunk_00000.csv',
    );
    expect(damages).toEqual([]);
    const sensor = { sensorId: 'serial ######   ', seq: '', elapsed: '' };
    expect(rows).toEqual([
      {
        ...sensor,
        timestamp: '2025-11-18T12:00:01.123456+00:00',
        mode: 'freerun',
        value: '0.010',
        temperature: '26.85',
        voltage: '7.494',
      },
      {
        ...sensor,
        timestamp: '2025-11-18T12:00:02.000000+00:00',
        mode: 'SYNC_STOP',
        value: 'b0a1-17',
        temperature: '',
        voltage: '',
      },
    ]);
  });

  it.each([
    ['text that is no JSON', 'nonsense\n'],
    ['an empty line', '\n'],
    ['a value that is text', LINE.replace('0.000066', '"0.000066"')],
    ['a value with noise', LINE.replace('0.000066', '0.0x0066')],
    ['a missing value', LINE.replace('"value":0.000066,', '')],
    ['a value of null', LINE.replace('0.000066', 'null')],
    ['an unknown mode', LINE.replace('freerun', 'freeru~')],
    ['an impossible time', LINE.replace('2025-11', '2025-91')],
    ['a missing seq', LINE.replace('"seq":7,', '')],
    ['two rows run into one', LINE.replace('}\n', '') + LINE],
    ['a value hidden in another field', LINE.replace('"value":0.000066', '"x":{"y":1,"value":3}')],
    ['NUL bytes', LINE.replace('serial', 'ser\0\0\0')],
    ['bytes that are not UTF-8', Buffer.from(LINE.replace('serial', 'ser\u00ffal'), 'latin1')],
  ])('reports %s, and reads the lines around it', async (_, bad) => {
    const { rows, damages } = await read(
      Buffer.concat([Buffer.from(LINE), Buffer.from(bad), Buffer.from(LINE)]),
    );
    expect(damages.map(({ filename, line }) => [filename, line])).toEqual([
      ['chunk_00000.jsonl', 2],
    ]);
    expect(rows).toEqual([ROW, ROW]);
  });

  it('reports a chunk whose end is missing', async () => {
    expect(await damagedLines(LINE + LINE.slice(0, -1))).toEqual([2]);
    expect(await damagedLines(LINE + LINE.slice(0, 40))).toEqual([2]);
  });

  it('reports CSV lines that are none, and a missing header', async () => {
    const row = '2025-11-18T12:00:01.123456+00:00,id,freerun,0.010,26.85,7.494\n';
    const header = `${CSV_HEADER}\n`;
    const file = 'chunk_00000.csv';
    expect(await damagedLines(header + row + row.replace('0.010', '0.0!0') + row, file)).toEqual([
      3,
    ]);
    expect(await damagedLines(header + row.replace('freerun', 'SYNC_STAR'), file)).toEqual([2]);
    expect(await damagedLines(header + row + header, file)).toEqual([3]);
    expect(await damagedLines(`something,else\n${row}`, file)).toEqual([1]);
  });

  it('does not gather a file without line ends in memory', async () => {
    const lines = await damagedLines(Buffer.alloc(1_000_000, 'x'));
    expect(lines.length).toBeGreaterThan(5);
  });

  it('throws the first damage, with its file and line, when nobody listens', async () => {
    const path = join(folder, 'chunk_00003.jsonl');
    await writeFile(path, `${LINE}broken\n`);
    const readAll = async () => {
      for await (const rows of chunkRows([path])) expect(rows).toBeDefined();
    };
    await expect(readAll()).rejects.toThrow('chunk_00003.jsonl, line 2 is damaged');
  });
});
