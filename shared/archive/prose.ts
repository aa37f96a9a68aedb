/** What a terminal and a printed page have room for. */
const COLUMNS = 78;

/** Text of people and devices as part of a line: no line end, no control character. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** A paragraph in lines; `first` begins the first one, the others are indented as far. */
export function paragraph(text: string, first = ''): string[] {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(/ +/)) {
    const isFirst = line === first || line === indent;
    const longer = isFirst ? `${line}${word}` : `${line} ${word}`;
    if (isFirst || longer.length <= COLUMNS) line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line];
}

/** Paragraphs that begin with a dash. */
export function listed(texts: readonly string[]): string[] {
  return texts.flatMap((text) => paragraph(text, '- '));
}

/** Names and what they mean, in two columns. */
export function table(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) => paragraph(text, `  ${name}`.padEnd(width)));
}

/** A heading, underlined, with what stands below it. */
export function section(title: string, ...blocks: readonly (readonly string[])[]): string[] {
  const filled = blocks.filter((block) => block.length > 0);
  return ['', title, '='.repeat(title.length), ...filled.flatMap((block) => ['', ...block])];
}
