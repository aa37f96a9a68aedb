import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A browser of another make, with one page. */
export interface Engine {
  open(url: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** The value of an expression in the page, as JSON carries it. */
  evaluate(expression: string): Promise<unknown>;
  /** A PNG of what is on the screen. */
  screenshot(): Promise<Buffer>;
  /** What the page's console was told as an error. */
  errors(): Promise<string[]>;
  close(): Promise<void>;
}

/** A program with all that it starts: they end together. */
export class Program {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(command: string, args: readonly string[], home: string) {
    const env = { ...process.env, HOME: home, TMPDIR: home };
    this.#child = spawn(command, args, { detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit');
    this.#child.stdout?.resume();
  }

  /** Waits for a line on stderr, and gives what the pattern's group holds. */
  async told(pattern: RegExp): Promise<string> {
    const lines = createInterface({ input: this.#child.stderr as Readable });
    for await (const line of lines) {
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) return found;
    }
    throw new Error('The program has ended without saying where it listens.');
  }

  async end(): Promise<void> {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    await this.#exited;
  }
}
