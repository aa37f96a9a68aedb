import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../../../shared/api/profile.ts';
import { checkedJson, textOf, withCheckSum } from './preview-cache.ts';
import type { OnWarning } from './session-bins.ts';

/** `key` stands for all that the profile was made of. */
interface Kept {
  key: string;
  profile: Profile;
}

const CACHE_FILE = '.profile.json';

/** The profile that is kept in a session's folder, if it was made of the same files in the same way. */
export async function readProfile(
  folder: string,
  key: string,
  onWarning: OnWarning,
): Promise<Profile | null> {
  try {
    const json = checkedJson(await textOf(join(folder, CACHE_FILE)));
    const kept = json === null ? null : (JSON.parse(json) as Kept);
    return kept?.key === key ? kept.profile : null;
  } catch (error) {
    onWarning('the kept profile can not be read; it is made anew', error);
    return null;
  }
}

export async function keepProfile(
  folder: string,
  key: string,
  profile: Profile,
  onWarning: OnWarning,
): Promise<void> {
  try {
    const kept: Kept = { key, profile };
    await writeFile(join(folder, CACHE_FILE), withCheckSum(JSON.stringify(kept)));
  } catch (error) {
    onWarning('the profile can not be kept', error);
  }
}
