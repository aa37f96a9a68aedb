import { SimulatedDevice } from '../server/simulator/device.ts';
import { startPty } from '../server/simulator/pty.ts';
import { averageSeconds } from '../server/simulator/settings.ts';

/** A reading that was sent: its value, and milliseconds on the machine's monotonic clock. */
export type Sent = [value: number, at: number];

/** Milliseconds on a clock that all processes of the machine share. */
export function machineMillis(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const TELL_MS = 1000;

/**
 * A sensor on a pseudo-terminal in a process of its own: the values are 0, 1, 2 ..., each line is
 * given when it is complete. Tells its parent the terminal's path, then what it sent.
 */
async function main(): Promise<void> {
  let made = 0;
  const device = new SimulatedDevice({
    settings: { baud: 115_200, rate: 500, averaging: 1 },
    burst: 0,
    averages: (_count, began, now) => ({
      at: began + averageSeconds(now),
      value: (made++).toFixed(now.decimals),
      temperature: '21.34',
      voltage: '7.494',
    }),
  });
  let sent: Sent[] = [];
  device.onReading(({ text }) => sent.push([Number.parseInt(text, 10), machineMillis()]));
  const pty = await startPty(device);
  process.send?.(pty.path);
  setInterval(() => {
    process.send?.(sent);
    sent = [];
  }, TELL_MS);
  process.once('disconnect', () => process.exit());
}

if (process.send) await main();
