import { startChild } from './child.ts';

export interface Simulator {
  /** What the service needs to find it. */
  environment: { SERIAL_PORT: string; SERIAL_BAUD: string };
  stop(): Promise<void>;
}

const BAUD = '115200';

/** The simulated sensor on a pseudo-terminal, in a process of its own. */
export async function startSimulator(spec: string): Promise<Simulator> {
  const args = ['dist/server/simulator/main.js', `${spec},baud=${BAUD}`];
  const { line, stop } = await startChild(args, 'on /dev/');
  const path = line.slice(line.indexOf('/dev/')).trim();
  return { environment: { SERIAL_PORT: path, SERIAL_BAUD: BAUD }, stop };
}
