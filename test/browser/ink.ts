import type { Locator } from 'playwright-core';

/** Further apart are red, green and blue of no grey, and of none of the page's tinted ones. */
const COLOURED = 60;

/** Run in the page, which can read pictures. */
const count = (png: string) => `(async () => {
  const bytes = Uint8Array.from(atob('${png}'), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) {
    const pixel = [data[at], data[at + 1], data[at + 2]];
    if (Math.max(...pixel) - Math.min(...pixel) > ${COLOURED}) ink += 1;
  }
  return ink;
})()`;

/**
 * Pixels with a colour of their own, where something stands on the screen: what is drawn
 * into a canvas need not be shown.
 */
export async function inkOf(locator: Locator): Promise<number> {
  await locator.scrollIntoViewIfNeeded();
  const png = await locator.screenshot();
  return locator.page().evaluate<number>(count(png.toString('base64')));
}
