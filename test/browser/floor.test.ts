import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT } from '../support/simulated.ts';
import { below, collect, data, type Feature, missingIn } from './floor.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();
const ASSETS = 'dist/web/assets';

/** Names of the page and its libraries that are also those of something newer. */
const OTHERS = new Set([
  ...['Sensor', 'Serial', 'Metadata', 'scheduler', 'run', 'install', 'opened', 'lost', 'component'],
  ...['override', 'draw', 'configure', 'resize', 'path', 'destroy', 'limits', 'forget', 'use'],
]);
/** What is newer in one of the browsers, and why nothing is amiss without it there. */
const WITHOUT: Record<string, string> = {
  toReversed: 'Vue passes it on when the page calls it, which it does not.',
  toSorted: 'Vue passes it on when the page calls it, which it does not.',
  toSpliced: 'Vue passes it on when the page calls it, which it does not.',
  createPolicy: 'Vue looks for trusted types first.',
  createHTML: 'Vue looks for trusted types first.',
  startViewTransition: 'The router looks for it first, and the page does not ask for it.',
  toHex: 'The hashes look for it first.',
  '-webkit-text-size-adjust': 'Where it is missing, text is not made larger.',
  'accent-color': 'Where it is missing, boxes are ticked in the colour of the system.',
};

/** Everything of the page that was written here. */
async function sources(): Promise<string> {
  const names = await readdir('web', { recursive: true });
  const ours = names.filter((name) => /\.(ts|vue)$/.test(name) && !name.endsWith('.test.ts'));
  return (await Promise.all(ours.map((name) => readFile(join('web', name), 'utf8')))).join('\n');
}

async function built(ending: string): Promise<string> {
  const names = (await readdir(ASSETS)).filter((name) => name.endsWith(ending));
  expect(names).not.toEqual([]);
  const texts = names.map((name) => readFile(join(ASSETS, name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? '')),
];

function tooNew(name: string, features: readonly (Feature | undefined)[]): string[] {
  const known = features.filter((feature) => feature !== undefined);
  const lacking = known.map(missingIn);
  // A name that some older thing has too is taken for that one.
  if (lacking.length === 0 || lacking.some((engines) => engines.length === 0)) return [];
  return name in WITHOUT || OTHERS.has(name)
    ? []
    : [`${name}: not in ${[...new Set(lacking.flat())].join(', ')}`];
}

test('every API of the built page is there in the oldest browsers that it promises', async () => {
  const text = await built('.js');
  const { api, javascript } = data;
  const roots = [api, javascript.builtins];
  const globals = found(text, /(?<![.\w$])([A-Z]\w{3,})(?![\w$:])/g);
  const ofGlobals = globals.flatMap((name) =>
    tooNew(
      name,
      roots.map((root) => below(root, name)),
    ),
  );
  const statics = found(text, /(?<![.\w$])([A-Z]\w+\.\w+)(?=\()/g).flatMap((path) => {
    const [owner = '', name = ''] = path.split('.');
    const features = roots.map((root) => below(root, owner));
    const members = features.map((one) => below(one, `${name}_static`) ?? below(one, name));
    return tooNew(path, members);
  });
  const names = new Map([...collect(api), ...collect(javascript.builtins)]);
  for (const root of roots) collect(root, names);
  const members = found(text, /\.(\w{3,})(?=\()/g).flatMap((name) =>
    tooNew(name, names.get(name) ?? []),
  );
  expect([...ofGlobals, ...statics, ...members]).toEqual([]);
});

test('what only libraries may use, the page does not call itself', async () => {
  const text = await sources();
  const called = Object.keys(WITHOUT).filter((name) => text.includes(`.${name}(`));
  expect(called).toEqual([]);
});

test('every feature of the built styles is there in the oldest browsers that the page promises', async () => {
  const text = await built('.css');
  const { css } = data;
  const functions = collect(css.types);
  collect(css.properties, functions);
  const properties = found(text, /[{;]([a-z-]+)(?=:)/g).filter((name) => !name.startsWith('--'));
  const plain = (name: string) => name.replace(/^-(webkit|moz)-/, '');
  const lacking = [
    ...properties.flatMap((name) => tooNew(name, [below(css.properties, plain(name))])),
    ...found(text, /@([a-z-]+)/g).flatMap((name) => tooNew(name, [below(css['at-rules'], name)])),
    ...found(text, /:([a-z-]+)(?=[\s,{.:>~+)[(])/g).flatMap((name) =>
      tooNew(name, [below(css.selectors, name)]),
    ),
    ...found(text, /([a-z-]+)(?=\()/g).flatMap((name) => tooNew(name, functions.get(name) ?? [])),
  ];
  expect(lacking).toEqual([]);
});

test.each(['', 'widget'])(
  'a browser that can not run the script of /%s is told so in one sentence',
  async (view) => {
    const server = await ServerProcess.start(await temporaryFolder());
    const { page } = await openPage(`${server.base}/version`);
    await page.route('**/*.js', (route) => route.abort());
    await page.goto(`${server.base}/${view}`);
    await page.getByText('the browser is too old').waitFor(PATIENT);
    await page.unroute('**/*.js');
    await page.goto(`${server.base}/version`);
    await page.goto(`${server.base}/${view}`);
    await page
      .locator('h1, .widget')
      .first()
      .waitFor({ ...PATIENT, state: 'attached' });
    expect(await page.getByText('the browser is too old').count()).toBe(0);
  },
);
