import { xml } from '../track/xml.ts';

export const heading = (text: string) => `<h2>${xml(text)}</h2>`;

/** '' where there is nothing to list. */
export function list(texts: readonly string[], kind = ''): string {
  if (texts.length === 0) return '';
  return `<ul class="${kind}">${texts.map((text) => `<li>${xml(text)}</li>`).join('')}</ul>`;
}

/** The first row is the heading of the table. */
export function table(rows: readonly (readonly string[])[], kind = ''): string {
  const [head = [], ...body] = rows;
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map((text) => `<${tag}>${xml(text)}</${tag}>`).join('')}</tr>`;
  return `<table class="${kind}"><thead>${cells(head, 'th')}</thead><tbody>${body.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}

export function shortened(texts: readonly string[], most: number): string[] {
  const more = texts.length - most;
  return more <= 0 ? [...texts] : [...texts.slice(0, most), `And ${more} more: see report.json.`];
}
