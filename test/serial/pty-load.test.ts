import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SimulatedDevice } from '../../server/simulator/device.ts';
import { startPty } from '../../server/simulator/pty.ts';
import type { Chunk } from '../../shared/session.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

/** The full minute is asked for with QSENSOR_LOAD_SECONDS=60. */
const SECONDS = Number(process.env['QSENSOR_LOAD_SECONDS'] ?? 6);

test('500 lines a second through a true serial port are recorded once each, in order', async () => {
  const settings = { baud: 115_200, rate: 500, averaging: 1, temperature: false, voltage: false };
  const device = new SimulatedDevice({ settings, burst: 16 });
  const sent: string[] = [];
  device.onReading(({ text, delivered }) => delivered && sent.push(text));
  const pty = await startPty(device);
  onTestFinished(() => pty.close());
  const server = await ServerProcess.start(await temporaryFolder(), {
    SERIAL_PORT: pty.path,
    SERIAL_BAUD: '115200',
  });
  const { body } = await server.post<{ session_id: string; storage_path: string }>(
    '/record/start',
    { chunk_interval_s: 2 },
  );
  const faults = [() => device.powerCycle(), () => device.fallIntoMenu()];
  for (let i = 0; i < 10; i++) {
    const goal = sent.length + SECONDS * 48;
    await expect.poll(() => sent.length, { timeout: 60_000 }).toBeGreaterThan(goal);
    faults[i % 2]?.();
  }
  const last = sent.length + 200;
  await expect.poll(() => sent.length, { timeout: 20_000 }).toBeGreaterThan(last);
  // What was sent by now may still be on its way.
  const rows = async () => Number((await server.call('/record/status')).body['total_rows']);
  await expect.poll(rows).toBeGreaterThan((await rows()) + 100);
  await server.post('/record/stop', { session_id: body.session_id });

  const { values, seqs } = await recorded(body.storage_path);
  expect(seqs).toEqual(seqs.map((_, index) => index));
  const first = sent.indexOf(values[0] ?? '');
  expect(values).toEqual(sent.slice(first, first + values.length));
  expect(values.length).toBeGreaterThan(last - first - 1);
}, 180_000);

async function recorded(folder: string): Promise<{ values: string[]; seqs: number[] }> {
  const manifest = (await readFile(join(folder, 'manifest.jsonl'), 'utf8')).trim().split('\n');
  const names = manifest.map((line) => (JSON.parse(line) as Chunk).filename);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const rows = [...texts.join('').matchAll(/"value":([^,]+),.*"seq":(\d+)/g)];
  return { values: rows.map((row) => row[1] ?? ''), seqs: rows.map((row) => Number(row[2])) };
}
