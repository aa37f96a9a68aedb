import { expect, onTestFinished } from 'vitest';
import { machineTime, SystemClock } from '../../server/clock.ts';
import { Sensor } from '../../server/sensor/sensor.ts';
import { SimulatedDevice } from '../../server/simulator/device.ts';
import type { Reading } from '../../shared/reading.ts';
import { NO_STALLS } from '../../shared/stalls.ts';

/** A sensor on a device, and what came of it. */
export interface Rig {
  device: SimulatedDevice;
  sensor: Sensor;
  readings: Reading[];
  events: string[];
}

/** A sensor on a simulated device that runs fast; its port is called `port`. */
export function rig(
  settings: Partial<SimulatedDevice['settings']> = {},
  speed = 20,
  same?: SimulatedDevice,
): Rig {
  const baud = 115_200;
  const device = same ?? new SimulatedDevice({ settings: { baud, ...settings }, speed, burst: 0 });
  const readings: Reading[] = [];
  const events: string[] = [];
  const sensor = new Sensor({
    openPort: async (_path, rate) => device.plug(rate),
    findPort: async (port) => port,
    isPresent: async () => !device.faults.absent,
    isSamePort: async (one, other) => one === other,
    clock: new SystemClock(machineTime()),
    stalls: NO_STALLS,
    listener: {
      reading: (reading) => readings.push(reading),
      event: ({ kind }) => events.push(kind),
      identified: () => undefined,
    },
  });
  onTestFinished(() => sensor.disconnect());
  return { device, sensor, readings, events };
}

/** One that acquires by now. */
export async function acquiring(settings?: Partial<SimulatedDevice['settings']>): Promise<Rig> {
  const made = rig(settings);
  await made.sensor.connect('port', 115_200);
  await made.sensor.start(10);
  return made;
}

/** Resolves when so many more have come. */
export async function more(readings: Reading[], count = 3): Promise<void> {
  const wanted = readings.length + count;
  await expect.poll(() => readings.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(wanted);
}
