import { readFile } from 'node:fs/promises';
import { parquetMetadata } from 'hyparquet';
import { expect, test } from 'vitest';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT, simulated } from '../support/simulated.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();
const FAST = simulated(5);

test('the scientist sets averaging and rate and exports the session as Parquet', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  await server.post('/connect');
  await server.post('/start');
  const { page } = await openPage(`${server.base}/#/sensor`);

  const averaging = page.getByLabel('Averaging');
  await expect.poll(() => averaging.inputValue(), PATIENT).toBe('8');
  await averaging.fill('0');
  await page.getByText('Averaging must be a whole number').waitFor(PATIENT);
  await averaging.fill('10');
  await page.getByLabel('ADC rate').selectOption('250 Hz');
  await page.getByText('24.2 readings per second').waitFor(PATIENT);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('The sensor has taken the settings.').waitFor(PATIENT);
  const { body } = await server.call<SensorConfig>('/config');
  expect(body).toMatchObject({ averaging: 10, adc_rate_hz: 250 });

  await page.getByRole('link', { name: 'Live' }).click();
  await page.getByText(/^Live, /).waitFor(PATIENT);
  await page.getByRole('button', { name: 'Record' }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor(PATIENT);
  await expect
    .poll(async () => (await server.call('/record/status')).body['total_rows'], PATIENT)
    .toBeGreaterThan(50);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('link', { name: 'Whole session' }).click();

  const card = page.locator('section', {
    has: page.getByRole('heading', { name: 'For the archive' }),
  });
  await card.getByText('The cruise or campaign.').waitFor(PATIENT);
  await card.getByRole('button', { name: 'Fill in' }).click();
  await page.getByLabel('Cruise').fill('Kelp 7');
  await page.getByLabel('Clouds, %').fill('120');
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByRole('alert').waitFor(PATIENT);
  await page.getByLabel('Clouds, %').fill('12.5');
  await page.getByLabel('Your name').fill('A. Lima');
  await card.getByRole('button', { name: 'Save' }).click();
  await card.getByText('by A. Lima').waitFor(PATIENT);
  expect(await card.textContent()).toContain('Kelp 7');
  expect(await card.textContent()).not.toContain('The cruise or campaign.');

  const [download] = await Promise.all([
    page.waitForEvent('download', PATIENT),
    page.getByRole('button', { name: 'Parquet' }).click(),
  ]);
  const bytes = await readFile(await download.path());
  const { num_rows } = parquetMetadata(new Uint8Array(bytes).buffer);
  const rows = await page.locator('dt:text-is("Rows") + dd').textContent();
  expect(Number(num_rows)).toBe(Number(rows?.replaceAll(/\s/g, '')));
  expect(download.suggestedFilename()).toMatch(/\.parquet$/);
});

test('settings can not be changed under a running recording, and the page says why', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  await server.post('/record/start', {});
  const { page } = await openPage(`${server.base}/#/sensor`);
  await page.getByText('Stop the recording to change settings.').waitFor(PATIENT);
  expect(await page.getByLabel('Averaging').isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Disconnect' }).isDisabled()).toBe(true);
});
