import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT, simulated } from '../support/simulated.ts';
import { useBrowser } from './page.ts';
import { PREFIX, startProxy } from './proxy.ts';

const openPage = useBrowser();
const FAST = simulated(1);

/** Points at a time on a live plot of 30 s, and gives what stands under it. */
async function readingAt(page: Page, time: number): Promise<string> {
  await page.getByRole('button', { name: '30 s' }).click();
  const box = await page.getByRole('application').boundingBox();
  if (!box) throw new Error('There is no plot.');
  const [left, right] = [58, box.width - 28];
  const share = 1 - (Date.now() - time) / 30_000;
  await page.mouse.move(box.x + left + share * (right - left), box.y + box.height / 2);
  return (await page.locator('.readout').textContent()) ?? '';
}

/** Marks the page, so that a reload would be noticed. */
const mark = (page: Page) => page.evaluate('window.marked = true');
const isMarked = (page: Page) => page.evaluate('window.marked === true');

test('a server restart is told and survived without a reload', async () => {
  const folder = await temporaryFolder();
  const env = { ...FAST, API_PORT: `${await freePort()}` };
  const first = await ServerProcess.start(folder, env);
  await first.post('/record/start', { chunk_interval_s: 1, metadata: { mission: 'Kelp' } });
  const { page } = await openPage(first.base);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  await mark(page);

  await first.kill();
  await page.getByText(/^No contact with the vehicle since/).waitFor(PATIENT);
  expect(await page.getByRole('button', { name: 'Stop' }).isDisabled()).toBe(true);
  // Nothing beside these words may look as if readings came.
  await page.getByText(/^Old: last reading/).waitFor(PATIENT);
  await page.getByRole('button', { name: 'No readings' }).waitFor(PATIENT);
  expect(await page.locator('.chip-ok.age, .follow.alive').count()).toBe(0);

  await ServerProcess.start(folder, env);
  await page.getByText(/^No contact with/).waitFor({ ...PATIENT, state: 'hidden' });
  await page.getByText(/^The recording went on by itself/).waitFor(PATIENT);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  expect(await isMarked(page)).toBe(true);
});

test('what came while the tether was cut is filled in when it is mended', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const proxy = await startProxy(server.base);
  await server.post('/connect');
  await server.post('/start');
  const { page } = await openPage(`${proxy.url}${PREFIX.slice(1)}/`);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  await mark(page);

  proxy.cut();
  await page.getByText(/^No contact with the vehicle since/).waitFor(PATIENT);
  const during = Date.now() - 1000;
  proxy.mend();
  await page.getByText(/^No contact with/).waitFor({ ...PATIENT, state: 'hidden' });
  await page.getByText(/^Live, /).waitFor(PATIENT);
  const second = new Date(during).toTimeString().slice(0, 8);
  await expect.poll(() => readingAt(page, during), PATIENT).toContain(second);
  expect(await isMarked(page)).toBe(true);
});

test('a laptop that was asleep, and whose connections have died, comes back by itself', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const proxy = await startProxy(server.base);
  await server.post('/connect');
  await server.post('/start');
  const { page } = await openPage(`${proxy.url}${PREFIX.slice(1)}/`);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  await mark(page);
  const control = await page.context().newCDPSession(page);
  await control.send('Page.setWebLifecycleState', { state: 'frozen' });
  proxy.sever();
  const asleep = Date.now() + 1000;
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await control.send('Page.setWebLifecycleState', { state: 'active' });
  const second = new Date(asleep).toTimeString().slice(0, 8);
  await expect.poll(() => readingAt(page, asleep), PATIENT).toContain(second);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  expect(await isMarked(page)).toBe(true);
});
