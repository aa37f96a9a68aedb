import type { Page, Request } from 'playwright-core';
import { expect, test } from 'vitest';
import { startBlueOs } from '../blueos/front.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT, simulated } from '../support/simulated.ts';
import { useContext } from './page.ts';
import { PREFIX } from './proxy.ts';

const openContext = useContext();
const FAST = simulated(5);

/** The pages that hold a stream now: asked for, and not given up. */
function watchStreams(pages: readonly Page[]): () => Page[] {
  const open = new Map<Request, Page>();
  for (const page of pages) {
    page.on('request', (request) => {
      if (request.url().includes('/stream/events')) open.set(request, page);
    });
    page.on('requestfinished', (request) => open.delete(request));
    page.on('requestfailed', (request) => open.delete(request));
    page.on('close', () => {
      for (const [request, its] of open) if (its === page) open.delete(request);
    });
  }
  return () => [...open.values()];
}

/** As when another tab is looked at. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

const isLive = (page: Page) => page.getByText(/^Live, /).waitFor(PATIENT);
/** The value is another one a moment later: it does not only stand there. */
async function moves(page: Page): Promise<void> {
  const value = page.locator('.value').first();
  const before = await value.textContent();
  await expect.poll(() => value.textContent(), PATIENT).not.toBe(before);
}

test('behind BlueOS 1.4 seven pages and two widgets of one browser are live on one stream, and leave room', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), FAST);
  const own = `${await startBlueOs({ extension: server.base }, '1.4')}${PREFIX.slice(1)}`;
  await server.post('/record/start');
  const context = await openContext();
  const pages = await Promise.all(Array.from({ length: 9 }, () => context.newPage()));
  const streams = watchStreams(pages);
  await Promise.all(
    pages.map((page, place) => page.goto(place < 7 ? `${own}/` : `${own}/widget?theme=dark`)),
  );
  await Promise.all(pages.slice(0, 7).map(isLive));
  await Promise.all(pages.map(moves));
  await expect.poll(() => streams().length, PATIENT).toBe(1);

  // Whatever else is asked of this address in the browser has a connection to go.
  const [first] = pages as [Page];
  const asked = `fetch('./health', { signal: AbortSignal.timeout(2000) }).then(({ ok }) => ok)`;
  expect(await first.evaluate(asked)).toBe(true);

  // A page that is hidden gives the stream up, and another takes it over.
  const [leader] = streams() as [Page];
  await setHidden(leader, true);
  await expect.poll(() => streams().filter((page) => page !== leader).length, PATIENT).toBe(1);
  expect(streams()).not.toContain(leader);
  await setHidden(leader, false);
  await Promise.all(pages.map(moves));

  // So it is when pages are closed.
  await Promise.all(pages.slice(1).map((page) => page.close()));
  await moves(first);
  await isLive(first);
  await expect.poll(() => streams().map((page) => page === first), PATIENT).toEqual([true]);
});
