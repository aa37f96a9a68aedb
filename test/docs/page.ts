import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';

const PAGE = 'docs/reading.md';
/** Set: what was printed is written into the page, instead of being compared with it. */
const UPDATE = process.env['QSENSOR_DOCS_UPDATE'] !== undefined;

/** The folder in which the page's code runs. */
export const EXAMPLE = 'docs/example';

export interface Snippet {
  code: string;
  /** What the page says that it prints. */
  output: string;
}

/** The fenced code of a language, each with the `text` block after it. */
export async function snippets(language: string): Promise<Snippet[]> {
  const page = await readFile(PAGE, 'utf8');
  const pairs = new RegExp(
    `^\`\`\`${language}\\n(.*?)^\`\`\`\\n\\n\`\`\`text\\n(.*?)^\`\`\``,
    'gms',
  );
  const found = [...page.matchAll(pairs)].map(([, code = '', output = '']) => ({ code, output }));
  const fences = page.match(new RegExp(`^\`\`\`${language}$`, 'gm')) ?? [];
  expect(found.length, `${language}: code with its output`).toBe(fences.length);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** The page shows what was really printed. */
export async function printed({ code, output }: Snippet, text: string): Promise<void> {
  if (!UPDATE) {
    expect(text).toBe(output);
    return;
  }
  const page = await readFile(PAGE, 'utf8');
  const block = (shown: string) => `${code}\`\`\`\n\n\`\`\`text\n${shown}\`\`\``;
  await writeFile(
    PAGE,
    page.replace(block(output), () => block(text)),
  );
}
