import { join } from 'node:path';
import type { Cast, Profile } from '../../../shared/api/profile.ts';
import { isMissing } from '../../files/storage-error.ts';
import { readSummedLines, writeSummedLines } from '../../files/summed-lines.ts';
import type { OnWarning } from './session-bins.ts';

/** The first line; the casts follow, one a line. `key` stands for all that the profile was made of. */
interface Head {
  key: string;
  profile: Omit<Profile, 'casts'>;
}

const CACHE_FILE = '.profile.jsonl';

/** The profile that is kept in a session's folder, if it was made of the same files in the same way. */
export async function readProfile(
  folder: string,
  key: string,
  onWarning: OnWarning,
): Promise<Profile | null> {
  const lines: unknown[] = [];
  try {
    const isWhole = await readSummedLines(join(folder, CACHE_FILE), (value) => lines.push(value));
    const [head, ...casts] = lines as [Head, ...Cast[]];
    return isWhole && head?.key === key ? { ...head.profile, casts } : null;
  } catch (error) {
    if (!isMissing(error)) onWarning('the kept profile can not be read; it is made anew', error);
    return null;
  }
}

export async function keepProfile(
  folder: string,
  key: string,
  { casts, ...profile }: Profile,
  onWarning: OnWarning,
): Promise<void> {
  try {
    await writeSummedLines(join(folder, CACHE_FILE), [{ key, profile } satisfies Head, ...casts]);
  } catch (error) {
    onWarning('the profile can not be kept', error);
  }
}
