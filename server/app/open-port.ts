import { openInTime } from '../serial/open-in-time.ts';
import type { OpenPort } from '../serial/port.ts';
import type { PortFinder } from '../serial/port-finder.ts';
import { openRealPort } from '../serial/real-port.ts';
import { createSimulatorOpener } from '../simulator/port.ts';

/** The simulator runs only when asked for, by a path that begins with `sim:`. */
export function portOpener(finder: PortFinder): OpenPort {
  const openSimulator = createSimulatorOpener();
  const openReal = openInTime(openRealPort);
  return async (path, baud) => {
    if (path.startsWith('sim:')) return openSimulator(path, baud);
    await finder.check(path);
    const port = await openReal(path, baud);
    await finder.remember(path);
    return port;
  };
}
