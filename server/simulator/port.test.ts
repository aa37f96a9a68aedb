import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { createSimulatorOpener } from './port.ts';

const QUICK = 'sim:speed=50,baud=115200,burst=0';

function heard(port: Duplex): () => string {
  let text = '';
  port.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  return () => text;
}

test('the same path finds the same device, still running', async () => {
  const open = createSimulatorOpener();
  const first = await open(QUICK, 115_200);
  const text = heard(first);
  await expect.poll(text).toMatch(/quiet mode =0\r\n\d/);
  first.destroy();
  const again = heard(await open(QUICK, 115_200));
  await expect.poll(again).toMatch(/\d\r\n/);
  expect(again()).not.toContain('Biospherical');
  const other = heard(await open(`${QUICK},serial=2`, 115_200));
  await expect.poll(other).toContain('Unit ID SIM2');
});

test('a port that is open is refused, and the device is still the same afterwards', async () => {
  const open = createSimulatorOpener();
  const port = await open(QUICK, 115_200);
  const text = heard(port);
  await expect(open(QUICK, 115_200)).rejects.toThrow('it is open already');
  await expect.poll(text).toMatch(/quiet mode =0\r\n\d/);
  port.destroy();
  const again = heard(await open(QUICK, 115_200));
  await expect.poll(again).toMatch(/\d\r\n/);
  expect(again()).not.toContain('Biospherical');
});

test('two openers know nothing of each other', async () => {
  await createSimulatorOpener()(QUICK, 115_200);
  const other = await createSimulatorOpener()(QUICK, 115_200);
  await expect.poll(heard(other)).toContain('Biospherical');
});

test('a wrong option is an error at opening', async () => {
  await expect(createSimulatorOpener()('sim:rate=3', 9600)).rejects.toThrow('"rate" cannot be "3"');
});

test('a file that is missing is an error at opening, and found once it is there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  const path = join(folder, 'dive.csv');
  const open = createSimulatorOpener();
  const spec = `${QUICK},serial=9,replay=${path}`;
  await expect(open(spec, 115_200)).rejects.toThrow(/Cannot read the file to replay: ENOENT/);
  const rows = ['45Z,Q1,freerun,0.000066,27.68,7.494', '47Z,Q1,freerun,0.10,27.68,7.494'];
  const lines = rows.map((row) => `2025-11-12T14:30:${row}\n`).join('');
  await writeFile(path, `timestamp,sensor_id,mode,value,TempC,Vin\n${lines}`);
  const text = heard(await open(spec, 115_200));
  await expect
    .poll(text)
    .toMatch(/quiet mode =0\r\n0\.000066, 27\.68, 7\.494\r\n0\.100000, 27\.68, 7\.494\r\n$/);
  expect(text()).toContain('Unit ID SIMQ1\r\n');
  await rm(folder, { recursive: true });
});
