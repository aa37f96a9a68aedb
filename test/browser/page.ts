import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type OpenBrowser, openBrowser } from './chromium.ts';

/** A server that is away answers nothing: browsers write that into the console by themselves. */
const EXPECTED = /Failed to load resource|WebSocket connection/;

export interface OpenPage {
  page: Page;
  /** Addresses that were asked for, WebSockets too. */
  requests: string[];
}

/** A browser for the tests of a file; a context is one person's browser, with pages that share things. */
export function useContext() {
  let open: OpenBrowser | null = null;
  beforeAll(async () => {
    open = await openBrowser();
  });
  afterAll(async () => {
    await open?.close();
  });

  return async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    if (!open) throw new Error('The browser is not open.');
    const context = await open.browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      acceptDownloads: true,
      ...options,
    });
    onTestFinished(() => context.close());
    return context;
  };
}

/**
 * Pages, each in a browser of its own. Each is closed after its test, and fails it when a
 * script ended with an error or something outside the vehicle was asked for.
 */
export function useBrowser() {
  const openContext = useContext();

  return async (url: string, options: BrowserContextOptions = {}): Promise<OpenPage> => {
    const context = await openContext(options);
    const page = await context.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !EXPECTED.test(text)) errors.push(text);
    });
    page.on('request', (request) => requests.push(request.url()));
    page.on('websocket', (socket) => requests.push(socket.url()));
    onTestFinished(() => {
      expect(errors).toEqual([]);
      const host = new URL(url).host;
      const outside = requests.filter((to) => /^(http|ws)/.test(to) && new URL(to).host !== host);
      expect(outside).toEqual([]);
    });
    await page.goto(url);
    return { page, requests };
  };
}
