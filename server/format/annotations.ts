import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANNOTATIONS_FILE, type Annotation, annotation } from '../../shared/annotations.ts';
import { parseJson } from '../../shared/json.ts';
import { syncFolder } from '../files/durable-file.ts';
import { readIfThere } from '../files/read-text.ts';

/** All that was said of a session. */
export interface Annotations {
  /** Oldest first. */
  history: Annotation[];
  /** Lines that are none, as half a line after a power cut. */
  damagedLines: number;
}

export async function readAnnotations(folder: string): Promise<Annotations> {
  const text = (await readIfThere(join(folder, ANNOTATIONS_FILE))) ?? '';
  const lines = text.split('\n').filter((line) => line !== '');
  const history = lines.flatMap((line) => annotation.safeParse(parseJson(line)).data ?? []);
  return { history, damagedLines: lines.length - history.length };
}

/** Resolves when the line survives a power cut. Calls for the same session must not overlap. */
export async function addAnnotation(folder: string, line: Annotation): Promise<void> {
  const path = join(folder, ANNOTATIONS_FILE);
  const before = await readIfThere(path);
  // Half a line that a power cut left must not spoil this one.
  const end = before === null || before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(path, `${end}${JSON.stringify(line)}\n`, { flush: true });
  if (before === null) await syncFolder(folder);
}
