import { constants, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../server/files/durable-file.ts';
import { type SealedPart, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { DOWNLOAD, type Wanted } from '../layout.ts';
import type { LocalSession } from '../local/local-session.ts';
import { isListed } from '../local/other-parts.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { setAside } from '../local/replaced.ts';
import { writeChanged } from '../local/session-files.ts';
import type { Report } from '../report.ts';
import { type DownloadParts, download, WrongBytesError } from './download.ts';
import { RefusedError, type RemoteDetail } from './recorder-client.ts';

/** Of a file with these bytes: with others it may come. */
export const failedKey = (session: string, { filename, sha256 }: Wanted): string =>
  [session, filename, sha256].join('/');

export interface OtherFilesParts extends DownloadParts {
  report: Report;
  /** What an error says of one file, in words; null where nothing can go on. */
  faultOf(error: unknown): Promise<string | null>;
}

/** Files of a session that grow on the vehicle: what is here of one is the beginning of more. */
export class OtherFiles {
  readonly #parts: OtherFilesParts;
  /** Why, by {@link failedKey} of what the vehicle does not have: not asked for again in this run. */
  readonly #failed: Map<string, string>;

  constructor(parts: OtherFilesParts, failed: Map<string, string>) {
    this.#parts = parts;
    this.#failed = failed;
  }

  /** Brings what is sealed by now; gives what did not come, in words. */
  async bring(
    folder: string,
    session: string,
    { other_files = [] }: Pick<RemoteDetail, 'other_files'>,
    local: LocalSession,
  ): Promise<string[]> {
    const missing: string[] = [];
    for (const part of other_files.filter((one) => !isListed(one, local))) {
      const fault = await this.#faultOf(folder, session, part, local);
      if (fault === null) await writeChanged(folder, VEHICLE_MANIFEST, `${JSON.stringify(part)}\n`);
      else missing.push(`${part.filename}: ${fault}`);
    }
    return missing;
  }

  /** What kept it from coming, in words; null: it is here. */
  async #faultOf(folder: string, session: string, part: SealedPart, local: LocalSession) {
    const known = this.#failed.get(failedKey(session, part));
    if (known !== undefined) return known;
    const path = join(folder, part.filename);
    const size = local.sizes.get(part.filename) ?? 0;
    if (size === part.size_bytes && (await fileSha256(path)) === part.sha256) return null;
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
  ): Promise<string | null> {
    try {
      await download(this.#parts, folder, session, part, onAnew);
      await syncFolder(folder);
      return null;
    } catch (error) {
      const isFinal = error instanceof WrongBytesError || error instanceof RefusedError;
      const fault = isFinal ? error.message : await this.#parts.faultOf(error);
      if (fault === null) throw error;
      if (isFinal) this.#failed.set(failedKey(session, part), fault);
      this.#parts.report.chunkFailed(session, part, fault);
      return fault;
    }
  }
}
