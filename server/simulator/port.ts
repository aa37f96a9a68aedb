import type { Duplex } from 'node:stream';
import { SimulatedDevice } from './device.ts';
import { loadReplay } from './replay.ts';
import { parseSpec } from './spec.ts';
import { diveLight } from './vehicle/dive.ts';

/**
 * The device that a `sim:...` path describes, not yet powered on.
 * @throws Error that says what is wrong with an option or with the file to replay
 */
export async function createDevice(path: string): Promise<SimulatedDevice> {
  const spec = parseSpec(path);
  if (spec.replay === null) {
    const { dive, settings, device } = spec;
    const light = dive === null ? {} : { light: diveLight(device.seed ?? 1, dive) };
    return new SimulatedDevice({ ...device, ...light, settings });
  }
  const { averages, settings } = await loadReplay(spec.replay);
  return new SimulatedDevice({
    ...spec.device,
    averages,
    settings: { ...spec.settings, ...settings },
  });
}

/** Opens simulated ports by path; the same path finds the same device again, still running. */
export function createSimulatorOpener(): (path: string, baud: number) => Promise<Duplex> {
  const devices = new Map<string, Promise<SimulatedDevice>>();
  const deviceAt = (path: string): Promise<SimulatedDevice> => {
    const device = devices.get(path) ?? createDevice(path);
    devices.set(path, device);
    return device;
  };
  return async (path, baud) => {
    const device = await deviceAt(path).catch((error: unknown) => {
      // The file may be there at the next try.
      devices.delete(path);
      throw error;
    });
    return device.plug(baud);
  };
}
