import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The delay is looked at this often, and this much of it is none. */
const RESOLUTION_MS = 1;

/**
 * Loaded into a service with --import: at each SIGUSR2 the longest stall of the event loop since
 * the last one, in milliseconds, goes as one line into the file named by STALLS_FILE.
 */
const file = process.env['STALLS_FILE'];
if (file) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  process.on('SIGUSR2', () => {
    writeFileSync(file, `${delays.max / 1e6 - RESOLUTION_MS}\n`, { flag: 'a' });
    delays.reset();
  });
}
