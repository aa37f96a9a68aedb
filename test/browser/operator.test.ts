import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST, PATIENT } from '../support/simulated.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();

/** Records some chunks of one second each. */
async function record(server: ServerProcess, mission: string): Promise<string> {
  const request = { chunk_interval_s: 1, metadata: { mission, operator: 'A. Diver' } };
  const { status, body } = await server.post<{ session_id: string }>('/record/start', request);
  expect([status, body]).toMatchObject([200, {}]);
  await expect
    .poll(async () => (await server.call('/record/status')).body['chunk_count'], PATIENT)
    .toBeGreaterThanOrEqual(2);
  await server.post('/record/stop', { session_id: body.session_id });
  return body.session_id;
}

test('the operator finds a session, verifies it and downloads it', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  await record(server, 'Reef survey');
  await record(server, 'Kelp bed east');
  const { page } = await openPage(`${server.base}/#/sessions`);
  const rows = page.getByRole('table').getByRole('row');
  await expect.poll(() => rows.count(), PATIENT).toBe(3);
  await page.getByRole('button', { name: 'Mission' }).click();
  expect(await rows.nth(1).textContent()).toContain('Kelp bed east');

  await page.getByLabel('Search sessions').fill('nowhere');
  await page.getByText('No session matches').waitFor(PATIENT);
  await page.getByLabel('Search sessions').fill('reef');
  await expect.poll(() => rows.count(), PATIENT).toBe(2);
  await page.getByRole('link', { name: 'Reef survey' }).click();
  await page.getByText('A. Diver').waitFor(PATIENT);

  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText(/chunks match their SHA-256/).waitFor(PATIENT);

  const [download] = await Promise.all([
    page.waitForEvent('download', PATIENT),
    page.getByRole('button', { name: 'ZIP' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/Reef survey.*\.zip$/);
  expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK');
  await page.getByText('is in your downloads').waitFor(PATIENT);
});

test('a chunk that is not what was recorded is found by verifying', async () => {
  const folder = await temporaryFolder();
  const server = await ServerProcess.start(folder, FAST);
  const id = await record(server, 'Reef survey');
  const file = join(folder, id, 'chunk_00001.jsonl');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"value":\d/, '"value":9'));
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText(/^1 of \d+ chunks do not match/).waitFor(PATIENT);
  await page.getByTitle('the content is not what was recorded').waitFor(PATIENT);
});

test('a session is deleted after one question', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const id = await record(server, 'Reef survey');
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  await page.getByRole('button', { name: 'Delete session' }).click();
  await page.getByRole('button', { name: 'Keep' }).click();
  await page.getByRole('button', { name: 'Delete session' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('Nothing has been recorded yet').waitFor(PATIENT);
  expect((await server.call(`/sessions/${id}`)).status).toBe(404);
});

test('an address that is changed to another session in one tab leads to that session in all that follows', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const [kept, other] = [await record(server, 'Reef survey'), await record(server, 'Kelp bed')];
  const { page } = await openPage(`${server.base}/#/sessions/${kept}`);
  await page.getByRole('heading', { name: 'Reef survey' }).waitFor(PATIENT);
  await page.getByRole('button', { name: 'Delete session' }).click();
  await page.evaluate(`location.hash = '/sessions/${other}'`);
  await page.getByRole('heading', { name: 'Kelp bed' }).waitFor(PATIENT);
  const [download] = await Promise.all([
    page.waitForEvent('download', PATIENT),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toContain(`Kelp bed_${other.slice(0, 8)}`);
  expect(await page.getByRole('button', { name: 'Delete for good' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Delete session' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.waitForURL(/#\/sessions$/, PATIENT);
  const statuses = [kept, other].map(async (id) => (await server.call(`/sessions/${id}`)).status);
  expect(await Promise.all(statuses)).toEqual([200, 404]);
});
