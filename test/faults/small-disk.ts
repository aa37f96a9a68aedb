import { execFileSync } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/server.ts';

/** A file system of its own in memory: it can be filled, and made read-only. Needs root. */
export class SmallDisk {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async mount(megabytes: number): Promise<SmallDisk> {
    const disk = new SmallDisk(await temporaryFolder());
    disk.#system('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk.path);
    onTestFinished(() => disk.#system('umount', '-l', disk.path));
    return disk;
  }

  /** Takes all the room that is left. */
  async fill(): Promise<void> {
    const file = await open(join(this.path, 'filler'), 'w');
    try {
      for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
        await writeUntilFull(file, Buffer.alloc(size));
      }
    } finally {
      await file.close();
    }
  }

  async makeRoom(): Promise<void> {
    await rm(join(this.path, 'filler'));
  }

  /** Works while nobody has a file of it open for writing. */
  makeReadOnly(): void {
    this.#system('mount', '-o', 'remount,ro', this.path);
  }

  #system(command: string, ...args: string[]): void {
    try {
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (cause) {
      throw new Error(`${command} ${args.join(' ')} failed: these tests need root and mount.`, {
        cause,
      });
    }
  }
}

async function writeUntilFull(
  file: Awaited<ReturnType<typeof open>>,
  bytes: Buffer,
): Promise<void> {
  try {
    for (;;) await file.write(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
