import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Annotation } from '../../shared/annotations.ts';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import { explanations } from '../../shared/archive/explained.ts';
import { SCHEMA_FOLDER } from '../../shared/archive/readme.ts';
import { factsOf } from '../../shared/archive/session-facts.ts';
import { fileSizes } from './local-session.ts';
import { writeChanged } from './session-files.ts';

/** Writes README.txt and the schemas of what lies in a session's folder. Rejects with LinkInFolder. */
export async function writeExplanations(
  folder: string,
  detail: Pick<SessionDetail, 'summary' | 'metadata' | 'events'>,
  history: readonly Annotation[],
): Promise<void> {
  const names = await readdir(folder);
  await mkdir(join(folder, SCHEMA_FOLDER), { recursive: true });
  await fileSizes(join(folder, SCHEMA_FOLDER));
  for await (const [name, text] of explanations(factsOf(detail, history), names, 'mirror')) {
    await writeChanged(folder, name, text);
  }
}
