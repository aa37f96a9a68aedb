import type { Wanted } from '../layout.ts';
import { isFileError } from '../local/folder-error.ts';
import { LinkInFolder } from '../local/local-session.ts';
import type { Report } from '../report.ts';
import { type DownloadParts, download, WrongBytesError } from './download.ts';
import { VehicleLostError } from './lost.ts';
import { type RecorderClient, RefusedError } from './recorder-client.ts';

/** The target can take nothing more, of whatever session. */
const OF_ALL = ['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE'];

/** What did not come. */
export interface Missing {
  /** Which file, and why. */
  words: string;
  /** The vehicle does not have it, or not as its list promises: trying again brings nothing. */
  isFinal: boolean;
}

/** Where a file belongs. */
export interface Place {
  session: string;
  folder: string;
}

export interface FileParts extends DownloadParts {
  report: Report;
}

/** Fetches files so that what is wrong with one holds up no other. */
export class FileFaults {
  readonly #parts: FileParts;
  /** Why, by session, name and SHA-256: with other bytes it may come. */
  readonly #final = new Map<string, Missing>();

  constructor(parts: FileParts) {
    this.#parts = parts;
  }

  /** What was found before to be wrong with these bytes for good; null: nothing. */
  known({ session }: Place, file: Wanted): Missing | null {
    return this.#final.get(keyOf(session, file)) ?? null;
  }

  /** Resolves with null when the file is here; rejects where nothing else can go on either. */
  async fetch(
    { session, folder }: Place,
    file: Wanted,
    onAnew?: () => Promise<void>,
  ): Promise<Missing | null> {
    try {
      await download(this.#parts, folder, session, file, onAnew);
      return null;
    } catch (error) {
      const isFinal = error instanceof WrongBytesError || error instanceof RefusedError;
      const fault = isFinal ? error.message : await faultOf(error, this.#parts.vehicle);
      if (fault === null) throw error;
      this.#parts.report.chunkFailed(session, file, fault);
      const missing = { words: `${file.filename}: ${fault}`, isFinal };
      if (isFinal) this.#final.set(keyOf(session, file), missing);
      return missing;
    }
  }
}

/**
 * What an error says of one file or one session, in words; null where it is about the vehicle, the
 * target or the program as a whole: then nothing else can go on either.
 */
export async function faultOf(error: unknown, vehicle: RecorderClient): Promise<string | null> {
  if (error instanceof RefusedError || error instanceof LinkInFolder) return error.message;
  if (isFileError(error)) return OF_ALL.includes(error.code ?? '') ? null : error.message;
  const isOfVehicle = error instanceof VehicleLostError;
  return isOfVehicle && (await vehicle.answers()) ? error.message : null;
}

const keyOf = (session: string, { filename, sha256 }: Wanted): string =>
  [session, filename, sha256].join('/');
