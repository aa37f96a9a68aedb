import type { CDPSession, Page } from 'playwright-core';
import { openBrowser } from '../test/browser/chromium.ts';
import type { Figure } from './figure.ts';
import { startPageServer } from './page-server.ts';

const RATE_HZ = 500;
const HOUR_S = 3600;
const MEASURED_MS = 15_000;
const SLOWDOWNS = [1, 4];
const CONDITIONS = `${RATE_HZ} readings a second, an hour (1.8 million readings) in the page, 1280 x 800, drawn without a graphics card`;

interface Frames {
  perSecond: number;
  p95Ms: number;
  busyShare: number;
}

/** Times between frames, as the browser hands them out, while something happens. */
const COLLECT = `new Promise((done) => {
  const times = [];
  const until = performance.now() + ${MEASURED_MS};
  const next = (time) => {
    times.push(time);
    if (time < until) requestAnimationFrame(next);
    else done(times);
  };
  requestAnimationFrame(next);
})`;

async function metric(control: CDPSession, name: string): Promise<number> {
  const { metrics } = await control.send('Performance.getMetrics');
  return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
}

async function frames(page: Page, control: CDPSession): Promise<Frames> {
  const busy = await metric(control, 'TaskDuration');
  const times = (await page.evaluate(COLLECT)) as number[];
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const sorted = gaps.toSorted((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  return {
    perSecond: gaps.length / seconds,
    p95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
    busyShare: ((await metric(control, 'TaskDuration')) - busy) / seconds,
  };
}

/** Bytes after everything that can go has gone: objects, and typed arrays beside them. */
async function memory(control: CDPSession): Promise<{ heap: number; arrays: number }> {
  await control.send('HeapProfiler.collectGarbage');
  const usage = (await control.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return { heap: usage.usedSize, arrays: usage.backingStorageSize ?? Number.NaN };
}

/** What was sent last needs so long to be read and drawn. */
const ARRIVAL_MS = 3000;

async function filled(page: Page, past: Promise<void>): Promise<void> {
  await past;
  await page.waitForTimeout(ARRIVAL_MS);
  await page.getByText(/^Live, /).waitFor({ timeout: 60_000 });
}

/** Drags the plot back and forth for as long as frames are counted. */
async function drag(page: Page, going: () => boolean): Promise<void> {
  const box = await page.getByRole('application').boundingBox();
  if (!box) throw new Error('There is no plot.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 200, y);
  await page.mouse.down();
  for (let step = 0; going(); step += 1) {
    await page.mouse.move(box.x + 500 + 300 * Math.sin(step / 20), y);
  }
  await page.mouse.up();
  await page.getByRole('button', { name: 'Live', exact: true }).click();
}

async function panned(page: Page, control: CDPSession): Promise<Frames> {
  await page.getByRole('button', { name: '15 min' }).click();
  let counting = true;
  const dragging = drag(page, () => counting);
  const result = await frames(page, control);
  counting = false;
  await dragging;
  return result;
}

function figures(name: string, { perSecond, p95Ms, busyShare }: Frames): Figure[] {
  const conditions = CONDITIONS;
  return [
    { name: `${name}: frames a second`, value: perSecond, unit: 'Hz', conditions },
    { name: `${name}: 95 % of frames within`, value: p95Ms, unit: 'ms', conditions },
    { name: `${name}: share of a core`, value: busyShare, unit: '', conditions },
  ];
}

/** The page at 500 readings a second with an hour in view: frame times and memory. */
export async function run(): Promise<Figure[]> {
  const server = await startPageServer(RATE_HZ, HOUR_S);
  const { browser, close } = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const control = await page.context().newCDPSession(page);
    await control.send('Performance.enable');
    await page.goto(server.url);
    await filled(page, server.past);
    const before = await memory(control);
    const found: Figure[] = [];
    for (const rate of SLOWDOWNS) {
      await control.send('Emulation.setCPUThrottlingRate', { rate });
      const cpu = rate === 1 ? '' : `, CPU ${rate} times slower`;
      await page.getByRole('button', { name: '60 min' }).click();
      found.push(...figures(`60 min live${cpu}`, await frames(page, control)));
      await page.getByRole('button', { name: '30 s' }).click();
      found.push(...figures(`30 s live${cpu}`, await frames(page, control)));
      found.push(...figures(`dragging through the hour${cpu}`, await panned(page, control)));
    }
    await control.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    const after = await memory(control);
    return [...found, ...memoryFigures(before, after)];
  } finally {
    await close();
    server.close();
  }
}

type Memory = Awaited<ReturnType<typeof memory>>;

function memoryFigures(before: Memory, after: Memory): Figure[] {
  const conditions = CONDITIONS;
  const unit = 'MB';
  return [
    { name: 'heap with an hour of readings', value: before.heap / 1e6, unit, conditions },
    { name: 'heap at the end', value: after.heap / 1e6, unit, conditions },
    { name: 'typed arrays with an hour of readings', value: before.arrays / 1e6, unit, conditions },
    { name: 'typed arrays at the end', value: after.arrays / 1e6, unit, conditions },
  ];
}
