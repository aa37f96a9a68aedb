import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readImage } from './dockerfile.ts';
import { LOGOS, labels, METADATA, metadata } from './store.ts';

/** The store makes larger pictures smaller, and worse. */
const MOST_PICTURE_BYTES = 200_000;
const PICTURE = /!\[[^\]]*\]\(([^)]+)\)/g;
const PNG = '\x89PNG';

const version = async () => JSON.parse(await readFile('package.json', 'utf8')).version as string;

/** Where a file of this project is found under the release's tag. */
async function addressOf(path: string): Promise<string> {
  const { website } = metadata.parse(JSON.parse(await readFile(METADATA, 'utf8')));
  const raw = website.replace('https://github.com/', 'https://raw.githubusercontent.com/');
  return `${raw}/v${await version()}/${path}`;
}

test('the submission to the store has the file that lists the extension, and square logos', async () => {
  const listed = metadata.parse(JSON.parse(await readFile(METADATA, 'utf8')));
  const { links } = labels.parse((await readImage()).labels);
  expect(links.website).toBe(listed.website);
  for (const logo of LOGOS) {
    const bytes = await readFile(logo);
    expect(bytes.toString('latin1', 0, PNG.length)).toBe(PNG);
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    expect([logo, height]).toEqual([logo, width]);
  }
});

test('the image names the README of its own release, once the store has put its tag in', async () => {
  const { readme } = labels.parse((await readImage()).labels);
  expect(readme.replaceAll('{tag}', await version())).toBe(await addressOf('store/README.md'));
});

test('every picture of that README has an absolute address of the same release, and is small', async () => {
  const text = await readFile('store/README.md', 'utf8');
  const pictures = [...text.matchAll(PICTURE)].map(([, address = '']) => address);
  expect(pictures.length).toBeGreaterThan(0);
  for (const address of pictures) {
    const path = address.slice(address.indexOf('docs/images/'));
    expect(address).toBe(await addressOf(path));
    expect((await stat(path)).size).toBeLessThan(MOST_PICTURE_BYTES);
  }
});
