import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program of this project in a process of its own. */
export interface Child {
  pid: number;
  /** The first line that it printed and that `ready` found. */
  line: string;
  stop(): Promise<void>;
  /** As a power cut does: nothing is closed. */
  kill(): Promise<void>;
}

/** Starts `node <args>`; resolves when it has printed a line with `ready` in it. */
export async function startChild(
  args: string[],
  ready: string,
  environment: Record<string, string> = {},
): Promise<Child> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  endWithParent(child);
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes(ready)) continue;
    child.stdout.resume();
    const end = (signal: NodeJS.Signals) => () => ended(child, signal);
    return { pid: child.pid ?? 0, line, stop: end('SIGTERM'), kill: end('SIGKILL') };
  }
  throw new Error(`node ${args.join(' ')} ended before it was ready`);
}

/** Whatever ends the benchmark, what it started ends too. */
export function endWithParent(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
