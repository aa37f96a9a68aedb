import { readFile } from 'node:fs/promises';
import { isMissing } from '../files/storage-error.ts';
import { PART } from '../format/chunk-name.ts';
import type { ChunkWriter } from './chunk-writer.ts';
import type { Session } from './session.ts';

/** Rows are handed on together that came within this time. */
const GATHER_MS = 200;
/** Without a row the session's end is noticed after this time. */
const LOOK_MS = 1000;
/** A client so far behind is let go; it comes again with the seq that it has. */
const MOST_WAITING = 50_000;

interface Line {
  text: string;
  seq: number;
}

/**
 * Lines of a session that is recorded, from `fromSeq` on: first what is in no finalized
 * chunk yet, then each row as it comes. Ends with the session.
 */
export async function* tailOf(session: Session, fromSeq: number): AsyncGenerator<string> {
  let waiting: Line[] = [];
  const unfollow = session.follow((text, seq) => waiting.push({ text, seq }));
  try {
    let next = fromSeq;
    for (const writer of session.unsealed) {
      const lines = (await linesOf(writer)).filter(({ seq }) => seq >= next);
      next = (lines.at(-1)?.seq ?? next - 1) + 1;
      if (lines.length > 0) yield textOf(lines);
    }
    while (session.isTaking || waiting.length > 0) {
      await pause(waiting.length > 0 ? GATHER_MS : LOOK_MS);
      if (waiting.length > MOST_WAITING) return;
      const lines = waiting.filter(({ seq }) => seq >= next);
      waiting = [];
      if (lines.length > 0) yield textOf(lines);
    }
  } finally {
    unfollow();
  }
}

const pause = (millis: number) => new Promise((done) => setTimeout(done, millis));
const textOf = (lines: Line[]) => lines.map(({ text }) => text).join('');

/** It may be sealed in the meantime: then it has its final name. */
async function linesOf(writer: ChunkWriter): Promise<Line[]> {
  await writer.flush();
  const text = await readFile(writer.path, 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return readFile(writer.path.slice(0, -PART.length), 'utf8');
  });
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split(/(?<=\n)/);
  return lines.flatMap((line) => {
    const seq = /"seq":(\d+)/.exec(line)?.[1];
    return seq === undefined ? [] : [{ text: line, seq: Number(seq) }];
  });
}
