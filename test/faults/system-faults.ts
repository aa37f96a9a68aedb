import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { ServerProcess } from '../support/server.ts';

/** What the system answers: to which calls, how, and on which files (all where none is named). */
export interface SystemFault {
  calls: string;
  /** As strace has it: `error=EIO`, `delay_enter=2000000` (microseconds). */
  how: string;
  paths?: readonly string[];
}

/** Enough for every test: strace takes names of files, not of folders. */
const CHUNKS = 100;

/** The chunks of a session as they are written. */
export function chunksBeingWritten(folder: string): string[] {
  return Array.from({ length: CHUNKS }, (_, index) =>
    join(folder, `chunk_${String(index).padStart(5, '0')}.jsonl.part`),
  );
}

/** Makes system calls of a running server fail or wait, from now until `end`. */
export class SystemFaults {
  readonly #strace: ChildProcess;

  private constructor(strace: ChildProcess) {
    this.#strace = strace;
  }

  static async begin(server: ServerProcess, fault: SystemFault): Promise<SystemFaults> {
    const pid = server.child.pid ?? 0;
    const files = (fault.paths ?? []).flatMap((path) => ['-P', path]);
    const what = ['-e', `trace=${fault.calls}`, '-e', `inject=${fault.calls}:${fault.how}`];
    const strace = spawn(
      'strace',
      ['-f', '-qq', '-o', '/dev/null', ...what, ...files, '-p', `${pid}`],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const faults = new SystemFaults(strace);
    onTestFinished(() => faults.end());
    await expect.poll(() => tracedThreads(pid), { timeout: 10_000, interval: 20 }).toBe(true);
    return faults;
  }

  /** Killed, the only way that ends a wait of its own: calls that waited go on. */
  async end(): Promise<void> {
    if (this.#strace.exitCode !== null || this.#strace.signalCode !== null) return;
    this.#strace.kill('SIGKILL');
    await once(this.#strace, 'exit');
  }
}

function tracedThreads(pid: number): boolean {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).every((thread) =>
    /TracerPid:\s+[1-9]/.test(readFileSync(join(folder, thread, 'status'), 'utf8')),
  );
}
