import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT, simulated } from '../support/simulated.ts';
import { type Dive, writeDive } from './dives.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();
const FAST = simulated(8);
const DIVE: Dive = { mission: 'Kelp', hoursAgo: 2, minutes: 30, deepestM: 20, silent: [10, 11] };
const PNG = [0x89, 0x50, 0x4e, 0x47];

test('the live plot looks back by keys, wheel and pointer, follows again, and is saved', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  await server.post('/connect');
  await server.post('/start');
  const { page } = await openPage(server.base);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  const plot = page.getByRole('application');
  const live = page.getByRole('button', { name: 'Live', exact: true });
  expect(await live.isDisabled()).toBe(true);

  await page.getByRole('button', { name: '30 s' }).click();
  await plot.focus();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => live.isEnabled(), PATIENT).toBe(true);
  await page.keyboard.press('End');
  await expect.poll(() => live.isDisabled(), PATIENT).toBe(true);

  const box = await plot.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 400, (box?.y ?? 0) + 100];
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -400);
  await page.mouse.down();
  await page.mouse.move(x + 200, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => live.isEnabled(), PATIENT).toBe(true);
  await live.click();
  await expect.poll(() => live.isDisabled(), PATIENT).toBe(true);

  const [download] = await Promise.all([
    page.waitForEvent('download', PATIENT),
    page.getByRole('button', { name: 'PNG' }).click(),
  ]);
  expect([...(await readFile(await download.path())).subarray(0, 4)]).toEqual(PNG);
});

test('a session shows its exact readings when it is zoomed in', async () => {
  const folder = await temporaryFolder();
  const id = await writeDive(folder, DIVE);
  const server = await ServerProcess.start(folder, FAST);
  const { page, requests } = await openPage(`${server.base}/#/sessions/${id}`);
  await page.getByRole('button', { name: '1 min', exact: true }).click();
  const fetched = () => requests.filter((url) => url.includes('/files/')).length;
  await expect.poll(fetched, PATIENT).toBeGreaterThan(0);

  const plot = await page.getByRole('application').boundingBox();
  await page.mouse.move((plot?.x ?? 0) + 600, (plot?.y ?? 0) + 100);
  const readout = page.locator('.readout');
  await expect
    .poll(() => readout.textContent(), PATIENT)
    .toMatch(/^\d\d:\d\d:\d\d\.\d+ UTC\S* · [\d.]+ µmol/);
});

test('of thousands of chunks only those in sight are in the page', async () => {
  const folder = await temporaryFolder();
  const id = await writeDive(folder, { ...DIVE, minutes: 40 }, 1);
  const server = await ServerProcess.start(folder, FAST);
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  const table = page.getByRole('table');
  await expect.poll(() => table.getAttribute('aria-rowcount'), PATIENT).toBe('2341');
  await page.evaluate(`document.querySelector('section.scroller').scrollTo(0, 40 * 2000)`);
  await table.getByRole('link', { name: 'Download chunk_02000.jsonl' }).waitFor(PATIENT);
  expect(await table.getByRole('row').count()).toBeLessThan(60);
});
