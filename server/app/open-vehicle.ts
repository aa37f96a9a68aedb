import { parseSpec } from '../simulator/spec.ts';
import { diveFlight } from '../simulator/vehicle/dive.ts';
import { SimulatedMavlink2Rest } from '../simulator/vehicle/mavlink2rest.ts';
import { type Config, SIMULATED } from './config.ts';

/**
 * Gives the address of mavlink2rest; a simulated vehicle, with one of its own, is started first.
 * It flies the dive of the simulated sensor, by the same clock.
 */
export function vehicleOpener(
  config: Pick<Config, 'mavlink2rest' | 'serialPort'>,
): () => Promise<string | null> {
  return async () => {
    if (config.mavlink2rest !== SIMULATED) return config.mavlink2rest;
    const flight = diveFlight(parseSpec(config.serialPort).dive ?? 1);
    return new SimulatedMavlink2Rest(flight, () => performance.now() / 1000).start();
  };
}
