import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

const HEADER = 'timestamp,sensor_id,mode,value,TempC,Vin';

/** Readings at about 1 Hz as real hardware gives them: digits dropped at the end, two steps of time. */
function madeUp(count: number): string {
  const begun = Date.parse('2025-11-04T18:57:46.742Z');
  const rows = Array.from({ length: count }, (_, i) => {
    const time = new Date(begun + i * 1034).toISOString().replace('Z', '000+00:00');
    const value = (0.009999 + ((i * 7919) % 87) / 1e6).toFixed(6).replace(/0$/, '');
    return `${time},serial ######   ,freerun,${value},${i % 3 ? '26.85' : '27.26'},7.494`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

/** The digits of each reading as the sensor sent them, in order: always six decimals. */
function digitsOfCsv(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [value = '', ...fields] = line.trim().split(',').slice(3);
      return [Number(value).toFixed(6), ...fields].join(' ');
    });
}

test('a recording replayed 60 times faster is in the chunks with the same digits', async () => {
  const folder = await temporaryFolder();
  // A file recorded on hardware can be named instead of the made-up one.
  const given = process.env['QSENSOR_REPLAY'];
  const path = given ?? join(folder, 'readings.csv');
  if (!given) await writeFile(path, madeUp(300));
  const expected = digitsOfCsv(await readFile(path, 'utf8'));

  const server = await ServerProcess.start(join(folder, 'data'), {
    SERIAL_PORT: `sim:replay=${path},speed=60`,
  });
  const started = await server.post<{ session_id: string; storage_path: string }>('/record/start', {
    chunk_interval_s: 2,
  });
  expect(started.status).toBe(200);
  const { session_id, storage_path } = started.body;
  const rows = async () => (await server.call<{ total_rows: number }>('/record/status')).body;
  await expect
    .poll(async () => (await rows()).total_rows, { timeout: 60_000, interval: 200 })
    .toBeGreaterThanOrEqual(expected.length);
  await server.post('/record/stop', { session_id });

  const { body } = await server.call<{ chunks: Chunk[] }>(
    `/record/snapshots?session_id=${session_id}`,
  );
  const texts = body.chunks.map(({ filename }) => readFile(join(storage_path, filename), 'utf8'));
  const recorded = (await Promise.all(texts)).join('');
  const digits = [...recorded.matchAll(/"value":([^,]+),"TempC":([^,]+),"Vin":([^,]+),/g)];
  expect(digits.map(([, ...fields]) => fields.join(' '))).toEqual(expected);
}, 90_000);
