import type { Page } from 'playwright-core';
import { openBrowser } from '../test/browser/chromium.ts';
import { ShapedLink } from '../test/topside/shaped-link.ts';
import type { Figure } from './figure.ts';
import { seconds } from './process.ts';
import { startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

const RATES = [
  { hz: 15, spec: 'rate=250,averaging=16' },
  { hz: 500, spec: 'rate=500,averaging=1' },
] as const;
/** So long is recorded before: more than the vehicle keeps in memory as rows. */
const RECORDED_S = 330;
/** By then all that is wanted of the past has come. */
const WATCHED_S = 15;
const TETHER = { delayMs: 50, bitsPerS: 1e6, brokenPercent: 0 };
const CONDITIONS = `a new browser over 1 Mbit/s and ${2 * TETHER.delayMs} ms, ${RECORDED_S} s recorded before, 1280 x 800`;

/** When the page's frame stood, and when the first number was in it, by the browser's clock. */
const MARKS = `(() => {
  const marks = (window.marks = {});
  const look = () => {
    if (document.querySelector('nav')) marks.shell ??= performance.now();
    const number = document.querySelector('.reading .number')?.textContent ?? '';
    if (/\\d/.test(number)) marks.number ??= performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()`;

/** What a pilot waits for who opens the page over a slow tether while a dive is recorded. */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const rate of RATES) figures.push(...(await atRate(rate)));
  return figures;
}

function atRate({ hz, spec }: (typeof RATES)[number]): Promise<Figure[]> {
  return inFolder('first-open', async (root) => {
    const simulator = await startSimulator(spec);
    const service = await startService(root, simulator.environment);
    const link = new ShapedLink(Number(new URL(service.base).port), TETHER);
    try {
      await service.post('/record/start', { chunk_interval_s: 15 });
      await seconds(RECORDED_S);
      return await opened(hz, await link.start());
    } finally {
      await link.stop();
      await service.stop();
      await simulator.stop();
    }
  });
}

async function opened(hz: number, address: string): Promise<Figure[]> {
  const { browser, close } = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(MARKS);
  const bytes = await past(page);
  await page.goto(address, { waitUntil: 'commit' });
  await seconds(WATCHED_S);
  const { shell, number } = (await page.evaluate('window.marks')) as Record<string, number>;
  await close();
  const figure = (name: string, value: number, unit: string): Figure => ({
    ...{ name: `${hz} Hz: ${name}`, value, unit, conditions: CONDITIONS },
  });
  return [
    figure('from the first byte asked to the frame of the page', (shell ?? Number.NaN) / 1000, 's'),
    figure('from there to the first number', ((number ?? Number.NaN) - (shell ?? 0)) / 1000, 's'),
    figure('rows and bins of the past, unpacked', bytes() / 1e6, 'MB'),
  ];
}

/** Counts what is answered of readings before now. */
async function past(page: Page): Promise<() => number> {
  let bytes = 0;
  page.on('response', (response) => {
    if (!/recent|preview/.test(response.url())) return;
    void response.body().then(
      (body) => {
        bytes += body.length;
      },
      () => undefined,
    );
  });
  return () => bytes;
}
