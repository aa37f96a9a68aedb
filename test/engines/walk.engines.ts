import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { simulated } from '../support/simulated.ts';
import type { Engine } from './engine.ts';
import { startFirefox } from './firefox.ts';
import { startWebKit } from './webkit.ts';

const FAST = simulated(5);
const SIZES = [1280, 768, 360] as const;
/** Pictures for people to look at. */
const PICTURES = 'node_modules/.engines';
const ENGINES = { 'Firefox ESR': startFirefox, WebKitGTK: startWebKit };

const text = (words: string) => `document.body.innerText.includes(${JSON.stringify(words)})`;
const button = (name: string) =>
  `[...document.querySelectorAll('button, a')].find((one) => one.innerText.trim() === ${JSON.stringify(name)} && !one.disabled)`;

/** What a person does at the page. */
function handsOn(engine: Engine) {
  const until = (expression: string) =>
    expect
      .poll(() => engine.evaluate(`Boolean(${expression})`), { message: expression })
      .toBe(true);
  return {
    until,
    sees: (words: string) => until(text(words)),
    press: async (name: string) => {
      await until(button(name));
      await engine.evaluate(`(${button(name)}).click()`);
    },
    fill: async (label: string, value: string) => {
      const field = `document.querySelector('[aria-label="${label}"]')`;
      await until(field);
      await engine.evaluate(
        `((field) => { field.value = ${JSON.stringify(value)}; field.dispatchEvent(new Event('input')); return true; })(${field})`,
      );
    },
    goTo: (hash: string) => engine.evaluate(`(location.hash = ${JSON.stringify(hash)})`),
  };
}

/** What reaches out of a page that is wider than its window. */
const TOO_WIDE = `document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
    .map((one) => [one.tagName, one.className, Math.round(one.getBoundingClientRect().right), innerWidth].join(' '))`;

/** At every size the page fits its window; leaves a picture of each. */
async function fits(engine: Engine, name: string): Promise<void> {
  for (const width of SIZES) {
    await engine.resize(width, 800);
    const over = () => engine.evaluate(TOO_WIDE);
    await expect.poll(over, { message: `${name}, ${width} px` }).toEqual([]);
    await writeFile(join(PICTURES, `${name}-${width}.png`), await engine.screenshot());
  }
}

test.each(Object.entries(ENGINES))(
  'pilot and operator go their ways in %s',
  async (name, start) => {
    await mkdir(PICTURES, { recursive: true });
    const server = await ServerProcess.start(await temporaryFolder(), FAST);
    const engine = await start(await temporaryFolder());
    onTestFinished(() => engine.close());
    const { until, sees, press, fill, goTo } = handsOn(engine);
    await engine.resize(1280, 800);
    await engine.open(server.base);

    await fill('Mission name', 'Kelp bed east');
    await press('Record');
    await sees('Live, ');
    await sees('Disk left');
    await fits(engine, `${name}-live`);
    await press('Stop');
    await sees('Stop recording?');
    await press('Stop');
    await until(button('Record'));

    await goTo('/sessions');
    await sees('Kelp bed east');
    await fits(engine, `${name}-sessions`);
    await fill('Search sessions', 'nowhere');
    await sees('No session matches');
    await fill('Search sessions', 'kelp');
    await press('Kelp bed east');
    await sees('Download everything');
    await press('Verify');
    await sees('match their SHA-256');
    await fits(engine, `${name}-session`);
    for (const view of ['/sensor', '/system']) {
      await goTo(view);
      await until(`document.querySelector('h2')`);
      await fits(engine, `${name}${view.replace('/', '-')}`);
    }
    expect(await engine.errors()).toEqual([]);
  },
);
