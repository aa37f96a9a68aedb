import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT, simulated } from '../support/simulated.ts';
import { loadAxe, seriousFlaws } from './axe.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();
const FAST = simulated(8);
const MOST_KB = 300;

/** Left edge and width of everything on the live view that holds a number. */
const PLACES = `[...document.querySelectorAll('.value .unit, .tile, .plot, .numbers > div')].map(
  (element) => {
    const { x, width } = element.getBoundingClientRect();
    return [Math.round(x), Math.round(width)];
  })`;
const LOOKS = `(({ fontSize }, { right }) => ({
  size: Number.parseFloat(fontSize),
  behind: getComputedStyle(document.body).backgroundColor,
  right,
}))(
  getComputedStyle(document.querySelector('.value')),
  document.querySelector('.value').getBoundingClientRect(),
)`;

/** A server that records, and the addresses of every view. */
async function recordingServer(mission = 'Kelp bed east') {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const request = { chunk_interval_s: 1, metadata: { mission } };
  const { body } = await server.post<{ session_id: string }>('/record/start', request);
  await expect
    .poll(async () => (await server.call('/record/status')).body['chunk_count'], PATIENT)
    .toBeGreaterThanOrEqual(2);
  const views = {
    live: '#/',
    sessions: '#/sessions',
    session: `#/sessions/${body.session_id}`,
    sensor: '#/sensor',
    system: '#/system',
    widget: 'widget',
  };
  return { server, views };
}

async function settled(page: Page): Promise<void> {
  await page
    .locator('h1, .widget')
    .first()
    .waitFor({ ...PATIENT, state: 'attached' });
  await expect.poll(() => page.locator('.skeleton').count(), PATIENT).toBe(0);
}

test('axe finds nothing serious in any view, light or dark', async () => {
  const { server, views } = await recordingServer();
  const { page } = await openPage(server.base);
  for (const [view, address] of Object.entries(views)) {
    await page.goto(`${server.base}/${address}`);
    await settled(page);
    await loadAxe(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect([view, colorScheme, await seriousFlaws(page)]).toEqual([view, colorScheme, []]);
    }
  }
});

test('no view is wider than its window, though a mission may be one long word', async () => {
  const { server, views } = await recordingServer(`Kelp_${'bed'.repeat(60)}`);
  const { page } = await openPage(server.base);
  for (const [view, address] of Object.entries(views)) {
    await page.goto(`${server.base}/${address}`);
    await settled(page);
    for (const width of [1280, 768, 360]) {
      await page.setViewportSize({ width, height: 740 });
      const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([view, width, Math.max(0, Number(over))]).toEqual([view, width, 0]);
    }
  }
});

test('nothing moves while numbers change, and the record button is always in sight', async () => {
  const { server, views } = await recordingServer();
  const { page } = await openPage(server.base, { viewport: { width: 360, height: 640 } });
  for (const address of [views.live, views.session, views.sensor, views.system]) {
    await page.goto(`${server.base}/${address}`);
    const button = await page.getByRole('button', { name: 'Stop' }).first().boundingBox();
    expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(640);
  }
  await page.goto(`${server.base}/${views.live}`);
  await page.getByText(/^Live, /).waitFor(PATIENT);
  const places = () => page.evaluate(PLACES);
  const shown = () => page.locator('.value .number').textContent();
  const [before, value] = [await places(), await shown()];
  await expect.poll(shown, PATIENT).not.toBe(value);
  expect(await places()).toEqual(before);
});

test('the chosen colours are kept in this browser', async () => {
  const { server } = await recordingServer();
  const { page } = await openPage(server.base, { colorScheme: 'dark' });
  const background = () =>
    page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  const dark = await background();
  await page.getByRole('button', { name: /^Colours: as the system/ }).click();
  expect(await background()).not.toBe(dark);
  await page.reload();
  await page.getByRole('button', { name: /^Colours: light/ }).click();
  expect(await background()).toBe(dark);
});

test('the first load is light', async () => {
  const { server } = await recordingServer();
  const { page } = await openPage(`${server.base}/version`);
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (/\.(js|css|html|svg)$|\/$/.test(new URL(response.url()).pathname))
      bodies.push(response.body());
  });
  await page.goto(server.base);
  await settled(page);
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
  const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  expect(total).toBeGreaterThan(20);
  expect(total).toBeLessThan(MOST_KB);
});

test('the widget is readable at 200 × 100 px and lets what is behind it through', async () => {
  const { server } = await recordingServer();
  const { page } = await openPage(`${server.base}/widget?theme=dark`, {
    viewport: { width: 200, height: 100 },
  });
  const value = page.locator('.value');
  await expect.poll(() => value.textContent(), PATIENT).toMatch(/\d/);
  const looks = (await page.evaluate(LOOKS)) as { size: number; behind: string; right: number };
  expect(looks.size).toBeGreaterThanOrEqual(28);
  expect(looks.behind).toBe('rgba(0, 0, 0, 0)');
  expect(looks.right).toBeLessThanOrEqual(200);
});
