import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EXIT, LeaveError } from './exit-codes.ts';
import { LOCK } from './layout.ts';
import { jsonObject, orIfMissing, readIfThere } from './local-session.ts';

/** Two that take over at the same moment both have written by then; the later one has it. */
const SETTLE_MS = 100;

const owner = z.object({ pid: z.int(), host: z.string(), started: z.string().nullable() });
type Owner = z.infer<typeof owner>;

/** Keeps a folder for one process. A lock whose process has died is taken over. */
export class FolderLock {
  readonly #folder: string;
  readonly #path: string;
  #text = '';

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, LOCK);
  }

  /** Rejects with a LeaveError when another process has the folder. */
  async acquire(): Promise<void> {
    const own = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
    this.#text = JSON.stringify(own satisfies Owner);
    if (await this.#create()) return;
    const present = owner.safeParse(jsonObject((await readIfThere(this.#path)) ?? ''));
    if (present.success && (await isAlive(present.data))) throw this.#inUse(present.data);
    await this.#takeOver();
  }

  async release(): Promise<void> {
    if ((await readIfThere(this.#path)) === this.#text) await rm(this.#path);
  }

  async #create(): Promise<boolean> {
    try {
      await writeFile(this.#path, this.#text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  async #takeOver(): Promise<void> {
    const temporary = `${this.#path}.${process.pid}`;
    await writeFile(temporary, this.#text);
    await rename(temporary, this.#path);
    await sleep(SETTLE_MS);
    if ((await readIfThere(this.#path)) === this.#text) return;
    throw new LeaveError(EXIT.folderInUse, `Another qsensor-mirror took ${this.#folder}.`);
  }

  #inUse({ pid, host }: Owner): LeaveError {
    const where = host === hostname() ? '' : ` on ${host}`;
    const hint = host === hostname() ? '' : ` If it is not running any more, delete ${this.#path}.`;
    return new LeaveError(
      EXIT.folderInUse,
      `Another qsensor-mirror (process ${pid}${where}) uses ${this.#folder}.${hint}`,
    );
  }
}

/** Another machine's process can't be looked at: it counts as alive. */
async function isAlive({ pid, host, started }: Owner): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
  return started === (await startOf(pid));
}

/** When a process began, as Linux counts; tells it from a later one of the same number. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await orIfMissing(readFile(`/proc/${pid}/stat`, 'utf8'), null);
  const afterName = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return afterName?.[19] ?? null;
}
