import { readFile } from 'node:fs/promises';
import { test } from 'vitest';
import { LOGOS } from '../blueos/store.ts';
import { openBrowser } from './chromium.ts';

const PIXELS = 400;

test('the logos for the store are drawn from the icon of the page', async () => {
  const icon = await readFile('web/public/icon.svg', 'utf8');
  const { browser, close } = await openBrowser();
  const page = await browser.newPage({ viewport: { width: PIXELS, height: PIXELS } });
  await page.setContent(
    `<style>body { margin: 0 } svg { width: 100vw; display: block }</style>${icon}`,
  );
  for (const path of LOGOS) await page.screenshot({ path, omitBackground: true });
  await close();
});
