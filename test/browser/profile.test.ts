import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT } from '../support/simulated.ts';
import { loadAxe, seriousFlaws } from './axe.ts';
import { type Dive, writeDive } from './dives.ts';
import { inkOf } from './ink.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();
const PNG = [0x89, 0x50, 0x4e, 0x47];
const DIVE: Dive = {
  ...{ mission: 'Kelp', hoursAgo: 2, minutes: 12, deepestM: 18 },
  marks: [[2, 'Seagrass starts here']],
};

function cardOf(page: Page) {
  const card = page.getByRole('region', { name: 'Light profile' });
  return {
    card,
    from: card.getByRole('slider', { name: 'Shallow end' }),
    to: card.getByRole('slider', { name: 'Deep end' }),
    kd: () => card.getByRole('row', { name: /^Kd/ }).textContent(),
  };
}

test('the range is dragged, stepped by keys and typed, and the figures follow', async () => {
  const folder = await temporaryFolder();
  const id = await writeDive(folder, DIVE);
  const server = await ServerProcess.start(folder);
  const { page, requests } = await openPage(`${server.base}/#/sessions/${id}`);
  const { card, from, to, kd } = cardOf(page);
  await expect.poll(kd, PATIENT).toMatch(/\d\.\d+ ± \d\.\d+.*\d\.\d+ ± \d\.\d+/);
  const depth = async (slider: typeof from) => Number(await slider.getAttribute('aria-valuenow'));
  const [first, begun] = [await kd(), await depth(from)];
  const asked = requests.filter((url) => url.includes('/profile')).length;

  await from.scrollIntoViewIfNeeded();
  const grip = await from.locator('.grip').boundingBox();
  const [x, y] = [(grip?.x ?? 0) + 10, (grip?.y ?? 0) + 8];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 120, { steps: 5 });
  await page.mouse.up();
  const dragged = await depth(from);
  expect(dragged).toBeGreaterThan(begun + 2);
  await expect.poll(kd, PATIENT).not.toBe(first);

  await to.focus();
  const deepest = await depth(to);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowUp');
  expect(await depth(to)).toBeCloseTo(deepest - 1.25, 2);
  await page.keyboard.press('Home');
  expect(await depth(to)).toBe(dragged);
  await card.getByText('Widen it.').first().waitFor(PATIENT);

  await card.getByLabel('To, m').fill('15');
  await card.getByLabel('To, m').blur();
  expect(await depth(to)).toBe(15);
  await expect.poll(kd, PATIENT).toMatch(/±/);
  expect(requests.filter((url) => url.includes('/profile')).length).toBe(asked);
});

test('another dark offset gives other figures, and the profile is saved as a picture', async () => {
  const folder = await temporaryFolder();
  const id = await writeDive(folder, DIVE);
  const server = await ServerProcess.start(folder);
  const { page } = await openPage(`${server.base}/#/sessions/${id}`, {
    viewport: { width: 360, height: 740 },
  });
  const { card, kd } = cardOf(page);
  await expect.poll(kd, PATIENT).toMatch(/±/);
  const before = await kd();
  await card.getByLabel('Dark offset').fill('5');
  await card.getByLabel('Dark offset').press('Enter');
  await expect.poll(kd, PATIENT).not.toBe(before);
  const [download] = await Promise.all([
    page.waitForEvent('download', PATIENT),
    card.getByRole('button', { name: 'PNG' }).click(),
  ]);
  expect([...(await readFile(await download.path())).subarray(0, 4)]).toEqual(PNG);
});

test('axe finds nothing serious in it, light or dark, and it is never wider than its window', async () => {
  const folder = await temporaryFolder();
  const id = await writeDive(folder, DIVE);
  const server = await ServerProcess.start(folder);
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  await expect.poll(cardOf(page).kd, PATIENT).toMatch(/±/);
  await loadAxe(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect([colorScheme, await seriousFlaws(page)]).toEqual([colorScheme, []]);
  }
  for (const width of [1280, 768, 360]) {
    await page.setViewportSize({ width, height: 740 });
    const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect([width, Math.max(0, Number(over))]).toEqual([width, 0]);
  }
});

test('a session without a depth says what a profile needs', async () => {
  const folder = await temporaryFolder();
  const { marks: _, ...dive } = DIVE;
  const id = await writeDive(folder, dive);
  const server = await ServerProcess.start(folder);
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  await cardOf(page).card.getByText('needs a vehicle').waitFor(PATIENT);
});

test('its marks are on the screen, however wide it is', async () => {
  const folder = await temporaryFolder();
  const id = await writeDive(folder, DIVE);
  const server = await ServerProcess.start(folder);
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  const { card, kd } = cardOf(page);
  await expect.poll(kd, PATIENT).toMatch(/±/);
  const plot = card.getByRole('figure', { name: 'Light profile' });
  for (const width of [1280, 899, 768, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await expect.poll(() => inkOf(plot), PATIENT).toBeGreaterThan(1500);
  }
});

test('the report needs no script, and prints to two pages however much was said', async () => {
  const folder = await temporaryFolder();
  const words = 'Seagrass as far as the lamps reach into the water here '.repeat(5);
  const marks = Array.from({ length: 12 }, (_, at) => [at / 2, words] as const);
  const dive = { ...DIVE, mission: words, marks, silent: [6, 7] as [number, number] };
  const id = await writeDive(folder, dive, 120);
  const server = await ServerProcess.start(folder);
  const text = words.slice(0, 250);
  const value = {
    ...{ title: text, project: text, cruise: text, station: text, contact: text },
    ...{ institution: text, license: text, instrument_model: text, calibration_sheet: text },
    ...{ sky_and_sea: text, investigators: Array(20).fill(text.slice(0, 100)), water_depth_m: 21 },
  };
  await server.post(`/sessions/${id}/annotations`, { kind: 'deployment', value });
  const address = `${server.base}/sessions/${id}/report`;
  const { page, requests } = await openPage(address, { javaScriptEnabled: false });
  expect(await page.locator('svg').count()).toBe(4);
  const stroke = "getComputedStyle(document.querySelector('svg .trace')).stroke";
  expect(await page.evaluate(stroke)).toBe('rgb(11, 90, 148)');
  expect(requests).toEqual([address]);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g)).toHaveLength(2);
});
