import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
): Promise<void> {
  const texts = explanations(factsOf(detail, []), await readdir(folder), 'mirror');
  await mkdir(join(folder, SCHEMA_FOLDER), { recursive: true });
  await fileSizes(join(folder, SCHEMA_FOLDER));
  await Promise.all([...texts].map(([name, text]) => writeChanged(folder, name, text)));
}
