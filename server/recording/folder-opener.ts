import { deleteFolder } from '../files/deletion.ts';
import { inTime } from '../files/in-time.ts';
import {
  DISK_PATIENCE_MS,
  DiskStandsStill,
  isDiskFault,
  storageError,
} from '../files/storage-error.ts';
import { openFolder } from './opening.ts';

type Given = Parameters<typeof openFolder>;

/** Makes the folders of sessions in time: nobody waits longer for a disk that stands still. */
export class FolderOpener {
  #isStuck = false;

  /** Rejects with storage_unavailable when it takes too long; until it is done, at once. */
  async open(...given: Given): ReturnType<typeof openFolder> {
    if (this.#isStuck) throw storageError(standsStill());
    const opening = openFolder(...given);
    return await inTime(opening, DISK_PATIENCE_MS, () => {
      this.#isStuck = true;
      void this.#takeBack(opening, given);
      return storageError(standsStill()) as Error;
    });
  }

  /** Its caller was told that there is no session: there must not be one later. */
  async #takeBack(opening: Promise<unknown>, [root, id]: Given): Promise<void> {
    try {
      await opening;
      await deleteFolder(root, id);
    } catch (error) {
      if (!isDiskFault(error) && !isDiskFault((error as Error).cause)) throw error;
    } finally {
      this.#isStuck = false;
    }
  }
}

function standsStill(): DiskStandsStill {
  return new DiskStandsStill(
    'The disk of the recordings does not answer: no session was begun. Check it, or use another.',
  );
}
