import { constants, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../server/files/durable-file.ts';
import { type SealedPart, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { DOWNLOAD } from '../layout.ts';
import type { LocalSession } from '../local/local-session.ts';
import { isListed } from '../local/other-parts.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { setAside } from '../local/replaced.ts';
import { writeChanged } from '../local/session-files.ts';
import type { Report } from '../report.ts';
import type { FileFaults, Missing, Place } from './file-faults.ts';
import type { RemoteDetail } from './recorder-client.ts';

/** Files of a session that grow on the vehicle: what is here of one is the beginning of more. */
export class OtherFiles {
  readonly #files: FileFaults;
  readonly #report: Report;

  constructor(files: FileFaults, report: Report) {
    this.#files = files;
    this.#report = report;
  }

  /** Brings what is sealed by now; gives what did not come. */
  async bring(
    place: Place,
    { other_files = [] }: Pick<RemoteDetail, 'other_files'>,
    local: LocalSession,
  ): Promise<Missing[]> {
    const missing: Missing[] = [];
    for (const part of other_files.filter((one) => !isListed(one, local))) {
      const fault = await this.#bringOne(place, part, local);
      if (fault !== null) missing.push(fault);
      else await writeChanged(place.folder, VEHICLE_MANIFEST, `${JSON.stringify(part)}\n`);
    }
    return missing;
  }

  /** Resolves with null when it is here. */
  async #bringOne(place: Place, part: SealedPart, local: LocalSession): Promise<Missing | null> {
    const known = this.#files.known(place, part);
    if (known !== null) return known;
    const path = join(place.folder, part.filename);
    const size = local.sizes.get(part.filename) ?? 0;
    if (size === part.size_bytes && (await fileSha256(path)) === part.sha256) return null;
    if (size > part.size_bytes) await setAside(path, this.#report);
    else if (size > 0 && !local.sizes.has(part.filename + DOWNLOAD)) {
      await copyFile(path, path + DOWNLOAD, constants.COPYFILE_FICLONE);
    }
    const isKept = size > 0 && size <= part.size_bytes;
    const onAnew = async () => (isKept ? setAside(path, this.#report) : undefined);
    const fault = await this.#files.fetch(place, part, onAnew);
    if (fault === null) await syncFolder(place.folder);
    return fault;
  }
}
