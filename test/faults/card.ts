import { execFileSync } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/server.ts';

const MEGABYTES = 256;

/** ext4's own way out, made for tests such as these: no more bytes go to the device, nor come from it. */
const SHUTDOWN = '0x8004587d';
const WITHOUT_ITS_LOG = 2;

/**
 * A memory card: an ext4 of its own on a block device, which can be lost from one moment to
 * the next, with all that the system had not yet written to it. Needs root, and perl for the ioctl.
 */
export class Card {
  /** Where it is mounted. */
  readonly path: string;
  readonly #image: string;

  private constructor(folder: string) {
    this.path = join(folder, 'mounted');
    this.#image = join(folder, 'image');
  }

  static async insert(): Promise<Card> {
    const card = new Card(await temporaryFolder());
    await mkdir(card.path);
    await writeFile(card.#image, '');
    await truncate(card.#image, MEGABYTES * 1024 * 1024);
    system('mkfs.ext4', '-q', '-F', card.#image);
    card.#mount();
    onTestFinished(() => system('umount', '-l', card.path));
    return card;
  }

  /** The power is gone, or the card: each call answers EIO from now on. */
  lose(): void {
    const call = `my $how = pack('L', ${WITHOUT_ITS_LOG}); open(my $disk, '<', $ARGV[0]) or die $!;
      ioctl($disk, ${SHUTDOWN}, $how) or die $!;`;
    system('perl', '-e', call, this.path);
  }

  /** Puts it in again, with what had been written; nobody may have a file of it open. */
  returnAsItWas(): void {
    system('umount', this.path);
    this.#mount();
  }

  #mount(): void {
    system('mount', '-o', 'loop', this.#image, this.path);
  }
}

function system(command: string, ...args: string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (cause) {
    const needs = 'these tests need root, loop devices, mkfs.ext4 (e2fsprogs) and perl.';
    throw new Error(`${command} ${args.join(' ')} failed: ${needs}`, { cause });
  }
}
