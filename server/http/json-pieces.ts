import { setImmediate as turn } from 'node:timers/promises';

/** JSON text that stands ready. */
export class JsonPieces {
  constructor(readonly pieces: readonly Buffer[]) {}
}

/** JSON of an object whose `list` may be long: entry by entry, so that others have their turn between. */
export async function inPieces<T extends object>(
  answer: T,
  list: keyof T & string,
): Promise<JsonPieces> {
  const { [list]: entries, ...others } = answer;
  const pieces = [Buffer.from(`${JSON.stringify(others).slice(0, -1)},"${list}":[`)];
  let comma = '';
  for (const entry of entries as Iterable<unknown>) {
    pieces.push(Buffer.from(comma + JSON.stringify(entry)));
    comma = ',';
    await turn();
  }
  return new JsonPieces([...pieces, Buffer.from(']}')]);
}
