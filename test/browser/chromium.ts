import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { type Browser as OnDisk, unpackedChromium } from './unpack.ts';

const SYSTEM_PATHS = [
  ...['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

/** QSENSOR_SHOW=1: a window to look at, slowly. The packaged browser has none, so one of the system is taken. */
const isShown = process.env['QSENSOR_SHOW'] === '1';
const LOOK = isShown ? { headless: false, slowMo: 250 } : {};

/** The packaged browser where there is one for this machine, else one of the system. */
async function findBrowser(): Promise<OnDisk> {
  const isPackaged = process.platform === 'linux' && process.arch === 'x64';
  if (isPackaged && !isShown) return await unpackedChromium();
  const installed = SYSTEM_PATHS.find((path) => existsSync(path));
  if (installed) return { executablePath: installed, env: {} };
  throw new Error(
    `No browser for these tests (packaged is one without a window, for linux x64 alone): ` +
      `install Chromium (Debian: apt-get install chromium), so that one of ${SYSTEM_PATHS.join(', ')} exists.`,
  );
}

export interface OpenBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** Starts a browser of its own, with a folder of its own for what it leaves behind. */
export async function openBrowser(args: readonly string[] = []): Promise<OpenBrowser> {
  const { executablePath, env } = await findBrowser();
  const folder = await mkdtemp(join(tmpdir(), 'browser-'));
  const browser = await chromium.launch({
    executablePath,
    ...LOOK,
    args: [...ARGS, ...args],
    env: { ...process.env, ...env, TMPDIR: folder, HOME: folder },
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
