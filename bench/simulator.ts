import { startChild } from './child.ts';

export interface Simulator {
  /** The pseudo-terminal that it sends on. */
  path: string;
  stop(): Promise<void>;
}

/** The simulated sensor on a pseudo-terminal, in a process of its own. */
export async function startSimulator(spec: string): Promise<Simulator> {
  const { line, stop } = await startChild(['dist/server/simulator/main.js', spec], 'on /dev/');
  return { path: line.slice(line.indexOf('/dev/')).trim(), stop };
}
