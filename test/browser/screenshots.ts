import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT } from '../support/simulated.ts';
import { type Dive, writeDive } from './dives.ts';
import { useBrowser } from './page.ts';

const OUT = '.cache/screenshots';
const SIZES = [
  { width: 1280, height: 800 },
  { width: 768, height: 1024 },
  { width: 360, height: 740 },
];
/** So much light is to be seen on the live plot of a minute. */
const LIVE_MS = 62_000;
const DIVES: readonly Dive[] = [
  {
    mission: 'Kelp bed east, transect 4',
    hoursAgo: 2,
    minutes: 24,
    deepestM: 18,
    silent: [9, 10.2],
    marks: [
      [2.4, 'Thermocline'],
      [4, 'Seagrass starts here'],
    ],
  },
  { mission: 'Kelp bed east, transect 3', hoursAgo: 4, minutes: 31, deepestM: 22 },
  { mission: 'Reef survey B', hoursAgo: 26, minutes: 18, deepestM: 31 },
  {
    ...{ mission: 'Reef survey A', hoursAgo: 28, minutes: 12, deepestM: 27 },
    failure: 'The disk was full: 3 readings could not be written.',
  },
  { mission: 'Calibration in air', hoursAgo: 50, minutes: 6, deepestM: 0 },
];

/** Placeholders that can be seen. */
const LOADING = `[...document.querySelectorAll('.skeleton')].filter(
  (element) => element.getBoundingClientRect().top < innerHeight).length`;

const openPage = useBrowser();

/** Nothing is being loaded any more, and the plot has had time to find its size and fill it. */
async function settled(page: Page): Promise<void> {
  await page
    .locator('h1, .widget')
    .first()
    .waitFor({ ...PATIENT, state: 'attached' });
  for (let times = 0; times < 2; times += 1) {
    await page.waitForTimeout(400);
    await expect.poll(() => page.evaluate(LOADING), PATIENT).toBe(0);
  }
}

test('pictures of every view, wide and narrow, light and dark', async () => {
  const folder = await temporaryFolder();
  const [dive] = await Promise.all(DIVES.map((one) => writeDive(folder, one)));
  const server = await ServerProcess.start(folder, {
    SERIAL_PORT: 'sim:units=umol/(m2 s)',
    MAVLINK2REST_URL: 'sim:',
  });
  const request = { chunk_interval_s: 15, metadata: { mission: 'Kelp bed east, transect 5' } };
  expect((await server.post('/record/start', request)).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, LIVE_MS));
  await mkdir(OUT, { recursive: true });
  const views = {
    live: '#/',
    sessions: '#/sessions',
    session: `#/sessions/${dive}`,
    sensor: '#/sensor',
    system: '#/system',
  };
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of SIZES) {
      const { page } = await openPage(server.base, { viewport, colorScheme });
      await page.getByRole('button', { name: /^1 ?m/ }).click();
      await page.mouse.move(0, 0);
      for (const [view, address] of Object.entries(views)) {
        await page.goto(`${server.base}/${address}`);
        await settled(page);
        await page.screenshot({ path: join(OUT, `${view}-${viewport.width}-${colorScheme}.png`) });
        if (view !== 'session') continue;
        await page.locator('#profile-title').evaluate((title) => title.scrollIntoView());
        await page.mouse.wheel(0, -90);
        await settled(page);
        await page.screenshot({ path: join(OUT, `profile-${viewport.width}-${colorScheme}.png`) });
      }
      await page.goto(`${server.base}/widget?theme=${colorScheme}`);
      await page.setViewportSize({ width: 200, height: 100 });
      await settled(page);
      await page.screenshot({ path: join(OUT, `widget-${viewport.width}-${colorScheme}.png`) });
      await page.close();
    }
  }
});
