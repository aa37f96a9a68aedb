import { randomUUID } from 'node:crypto';
import { readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import { type AliveSocket, answers, listenAt } from './alive-socket.ts';
import { readBootId } from './boot-id.ts';
import { isMissing, isSystemError } from './storage-error.ts';

/** Of recorders and mirrors alike: a folder is for one of them. */
const NAME = '.qsensor.lock';
/** Two that take over at the same moment both have written by then; the later one has it. */
const SETTLE_MS = 100;

const owner = z.object({
  program: z.string(),
  pid: z.int(),
  host: z.string(),
  boot: z.string().nullable(),
  /** When the process began, and among which processes its number counts (containers have their own). */
  started: z.string().nullable(),
  pids: z.string().nullable(),
  /** A socket beside the lock that the owner answers at; null where the disk can't hold one. */
  socket: z.string().nullable(),
});
export type Owner = z.infer<typeof owner>;

/** Another process has the folder. */
export class FolderInUse extends Error {
  readonly owner: Owner | null;

  /** null: it was a moment faster, and is not known. */
  constructor(folder: string, by: Owner | null) {
    super(`${folder} is in use`);
    this.owner = by;
  }
}

export interface LockOptions {
  /** Who asks, for whoever is refused. */
  program: string;
  /** Another computer may have the same folder: what runs there can't be looked at, and counts. */
  isShared: boolean;
}

/**
 * Keeps a folder for one process. The owner answers at a socket in the folder, which ends with it
 * however it ends, and is seen from other containers too; a lock whose owner is dead is taken over.
 *
 *     const lock = new FolderLock('/data', { program: 'recorder', isShared: false });
 *     await lock.acquire();   // rejects with FolderInUse
 *     await lock.release();
 */
export class FolderLock {
  readonly #folder: string;
  readonly #options: LockOptions;
  #text = '';
  #socket: AliveSocket | null = null;

  constructor(folder: string, options: LockOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Rejects with FolderInUse, or with the system's error where the folder can't be used. */
  async acquire(): Promise<void> {
    const own = await this.#own();
    this.#text = JSON.stringify(own);
    try {
      await this.#take(own);
    } catch (error) {
      await this.#socket?.close();
      throw error;
    }
    await this.#sweep();
  }

  async release(): Promise<void> {
    if ((await this.#read()) === this.#text) await rm(this.#path);
    await this.#socket?.close();
  }

  get #path(): string {
    return join(this.#folder, NAME);
  }

  async #own(): Promise<Owner> {
    const socket = `${NAME}.${randomUUID().slice(0, 8)}`;
    this.#socket = await listenAt(this.#folder, socket);
    return {
      ...{ program: this.#options.program, pid: process.pid, host: hostname() },
      ...{ boot: await readBootId(), started: await startOf(process.pid), pids: await pidSpace() },
      socket: this.#socket && socket,
    };
  }

  async #take(own: Owner): Promise<void> {
    if (await this.#create()) return;
    const text = (await this.#read()) ?? '';
    const present = owner.safeParse(parseJson(text));
    if (present.success && (await this.#isAlive(present.data, own))) {
      throw new FolderInUse(this.#folder, present.data);
    }
    // Another one may have taken it over meanwhile, and that one lives.
    if ((await this.#read()) === text) await this.#takeOver();
    else await this.#take(own);
  }

  async #create(): Promise<boolean> {
    try {
      await writeFile(this.#path, this.#text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (isSystemError(error) && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  async #isAlive(present: Owner, own: Owner): Promise<boolean> {
    if (present.boot !== own.boot) return this.#options.isShared && present.host !== own.host;
    if (present.socket !== null) return answers(this.#folder, present.socket);
    if (present.pids !== own.pids) return this.#options.isShared;
    return isRunning(present.pid) && present.started === (await startOf(present.pid));
  }

  async #takeOver(): Promise<void> {
    const temporary = `${this.#path}-${randomUUID()}`;
    await writeFile(temporary, this.#text);
    await rename(temporary, this.#path);
    await sleep(SETTLE_MS);
    if ((await this.#read()) !== this.#text) throw new FolderInUse(this.#folder, null);
  }

  #read(): Promise<string | null> {
    return readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
  }

  /** Sockets of owners that died. */
  async #sweep(): Promise<void> {
    const own = this.#socket?.name;
    for (const name of await readdir(this.#folder)) {
      const isSocket = name.startsWith(`${NAME}.`) && name !== own;
      if (isSocket) await rm(join(this.#folder, name), { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ESRCH') return false;
    return true;
  }
}

/** When a process began, as Linux counts; tells it from a later one of the same number. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(nothing);
  const afterName = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return afterName?.[19] ?? null;
}

function pidSpace(): Promise<string | null> {
  return readlink('/proc/self/ns/pid').catch(nothing);
}

function nothing(error: unknown): null {
  if (isSystemError(error)) return null;
  throw error;
}
