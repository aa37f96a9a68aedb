import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where a program is; rejects with what to install. */
export async function program(name: string, debianPackage: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (await isProgram(path)) return path;
  }
  throw new Error(
    `${name} is missing: install ${debianPackage} (apt-get install ${debianPackage}).`,
  );
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
