import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../../../shared/api/profile.ts';
import { readIfThere } from '../../files/read-text.ts';
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
    const json = checkedJson((await readIfThere(join(folder, CACHE_FILE))) ?? '');
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

/** JSON text with its check sum before it: a power cut may tear the file. */
function withCheckSum(json: string): string {
  return `${checkSum(json)} ${json}`;
}

/** Null where the check sum is not that of the text: what passes is what was written. */
function checkedJson(text: string): string | null {
  const space = text.indexOf(' ');
  const json = text.slice(space + 1);
  return space < 0 || text.slice(0, space) !== checkSum(json) ? null : json;
}

function checkSum(json: string): string {
  return createHash('sha256').update(json).digest('hex').slice(0, 16);
}
