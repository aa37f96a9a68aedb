import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT } from '../support/simulated.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();
const TOKEN = 'correct horse';

async function withToken() {
  const server = await ServerProcess.start(await temporaryFolder(), { API_TOKEN: TOKEN });
  return { server, ...(await openPage(`${server.base}/#/system`)) };
}

test('a vehicle with a token asks for it, takes the right one, and the browser can forget it', async () => {
  const { server, page } = await withToken();
  const interval = page.getByLabel('Chunk interval, s');
  const save = page.getByRole('button', { name: 'Save', exact: true });
  const prompt = page.getByText('This vehicle asks for its API token');
  const enter = async (token: string) => {
    await page.getByLabel('API token').first().fill(token);
    await page.getByRole('button', { name: 'Keep in this browser' }).first().click();
  };
  await interval.fill('20');
  await save.click();
  await prompt.waitFor(PATIENT);
  await enter('wrong horse');
  await prompt.waitFor({ ...PATIENT, state: 'detached' });
  await save.click();
  await page.getByText('is not the right one').waitFor(PATIENT);
  await enter(TOKEN);
  await save.click();
  await page.getByText('Saved on the vehicle.').waitFor(PATIENT);
  expect((await server.call('/settings')).body).toMatchObject({ chunk_interval_s: 20 });

  await page.reload();
  await page.getByRole('button', { name: 'Forget it' }).click();
  await interval.fill('30');
  await save.click();
  await prompt.waitFor(PATIENT);
  expect((await server.call('/settings')).body).toMatchObject({ chunk_interval_s: 20 });
});

test('the documentation takes the token under Authorize, and sends it', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), { API_TOKEN: TOKEN });
  const { page } = await openPage(`${server.base}/docs`);
  await page.getByRole('button', { name: 'Authorize' }).first().click(PATIENT);
  const dialog = page.locator('.modal-ux');
  await dialog.getByRole('textbox').fill(TOKEN);
  await dialog.getByRole('button', { name: 'Apply credentials' }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const call = page.locator('#operations-Memory-memoryStart');
  await call.getByRole('button', { name: /POST/ }).first().click();
  await call.getByRole('button', { name: 'Try it out' }).click();
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await call.getByRole('button', { name: 'Execute' }).click();
  const answer = await (await sent).response();
  expect(answer?.status()).toBe(200);
});

test('a public name of the vehicle is allowed in the page', async () => {
  const server = await ServerProcess.start(await temporaryFolder());
  const { page } = await openPage(`${server.base}/#/system`);
  await page.getByText('Not needed: no API_TOKEN is set.').waitFor(PATIENT);
  await page.getByLabel('Public names of this vehicle').fill('ROV.example.org, dive.example');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved on the vehicle.').waitFor(PATIENT);
  const { body } = await server.call('/settings');
  expect(body['allowed_hosts']).toEqual(['rov.example.org', 'dive.example']);
});

test('the baud rate of a sensor that does not answer is found in the Sensor view', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'settings.json'), '{"connect_at_start":true}');
  const server = await ServerProcess.start(folder, {
    SERIAL_PORT: 'sim:baud=115200,speed=10,burst=0',
    SERIAL_BAUD: '9600',
  });
  const { page } = await openPage(`${server.base}/#/sensor`);
  await page.getByRole('button', { name: 'Find baud rate' }).click();
  await page.getByText('The sensor was found at 115200 baud').waitFor(PATIENT);
  expect((await server.call('/status')).body).toMatchObject({ connected: true, baud: 115_200 });
  expect((await server.call('/settings')).body).toMatchObject({ serial_baud: 115_200 });
});
