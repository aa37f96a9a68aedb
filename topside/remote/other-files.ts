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
import { type DownloadParts, download, WrongBytesError } from './download.ts';
import { RefusedError, type RemoteDetail } from './recorder-client.ts';

export interface OtherFilesParts extends DownloadParts {
  report: Report;
}

/** Files of a session that grow on the vehicle: what is here of one is the beginning of more. */
export class OtherFiles {
  readonly #parts: OtherFilesParts;
  /** SHA-256 of what the vehicle could not give: not asked for again in this run. */
  readonly #failed: Set<string>;

  constructor(parts: OtherFilesParts, failed: Set<string>) {
    this.#parts = parts;
    this.#failed = failed;
  }

  /** Brings what is sealed by now; gives the number of files whose bytes are not as promised. */
  async bring(
    folder: string,
    session: string,
    { other_files = [] }: Pick<RemoteDetail, 'other_files'>,
    local: LocalSession,
  ): Promise<number> {
    let wrong = 0;
    for (const part of other_files.filter((one) => !isListed(one, local))) {
      if (!(await this.#isHere(folder, session, part, local))) wrong += 1;
      else await writeChanged(folder, VEHICLE_MANIFEST, `${JSON.stringify(part)}\n`);
    }
    return wrong;
  }

  /** False when the vehicle's bytes are not what its list promises. */
  async #isHere(folder: string, session: string, part: SealedPart, local: LocalSession) {
    if (this.#failed.has(part.sha256)) return false;
    const path = join(folder, part.filename);
    const size = local.sizes.get(part.filename) ?? 0;
    if (size === part.size_bytes && (await fileSha256(path)) === part.sha256) return true;
    if (size > part.size_bytes) await setAside(path, this.#parts.report);
    else if (size > 0 && !local.sizes.has(part.filename + DOWNLOAD)) {
      await copyFile(path, path + DOWNLOAD, constants.COPYFILE_FICLONE);
    }
    const isKept = size > 0 && size <= part.size_bytes;
    const onAnew = async () => (isKept ? setAside(path, this.#parts.report) : undefined);
    return this.#download(folder, session, part, onAnew);
  }

  async #download(
    folder: string,
    session: string,
    part: SealedPart,
    onAnew: () => Promise<void>,
  ): Promise<boolean> {
    try {
      await download(this.#parts, folder, session, part, onAnew);
      await syncFolder(folder);
      return true;
    } catch (error) {
      if (!(error instanceof WrongBytesError || error instanceof RefusedError)) throw error;
      this.#failed.add(part.sha256);
      this.#parts.report.chunkFailed(session, part, error.message);
      return false;
    }
  }
}
