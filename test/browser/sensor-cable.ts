import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDevice } from '../../server/simulator/port.ts';
import { type Pty, startPty } from '../../server/simulator/pty.ts';

/** A simulated sensor on a pseudo-terminal whose name stays when it is plugged in again. */
export interface SensorCable {
  path: string;
  unplug(): Promise<void>;
  plug(): Promise<void>;
}

/** @param spec as in `sim:...`. Needs /dev/shm: serial devices must lie under /dev. */
export async function startSensor(spec: string): Promise<SensorCable> {
  const device = await createDevice(spec);
  const folder = await mkdtemp('/dev/shm/qsensor-');
  const path = join(folder, 'tty');
  let pty: Pty | null = null;
  const plug = async (): Promise<void> => {
    pty = await startPty(device);
    await symlink(pty.path, path);
  };
  const unplug = async (): Promise<void> => {
    await rm(path, { force: true });
    await pty?.unplug();
  };
  onTestFinished(async () => {
    await unplug();
    await pty?.close();
    await rm(folder, { recursive: true });
  });
  await plug();
  return { path, plug, unplug };
}
