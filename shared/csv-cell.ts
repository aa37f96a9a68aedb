/** A spreadsheet takes text that begins so for a formula, and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Text as a cell of a CSV file, with quotes where RFC 4180 asks for them. What a spreadsheet would run
 * as a formula gets an apostrophe in front, which it takes for "this is text". Not for numbers.
 */
export function textCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
