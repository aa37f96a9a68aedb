import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const stamp = z.object({
  version: z.string(),
  git: z.string(),
  registerService: z.looseObject({ name: z.string(), description: z.string(), icon: z.string() }),
  /** The API's document as JSON text, sent as it is. */
  openApi: z.string(),
});

/** What was built: scripts/stamp.mjs writes it beside the compiled server. */
export type Build = z.infer<typeof stamp>;

/** Rejects when the build is not complete. */
export async function readBuild(serverFolder: string): Promise<Build> {
  return stamp.parse(JSON.parse(await readFile(join(serverFolder, '../build.json'), 'utf8')));
}
