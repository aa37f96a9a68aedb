import { SIMULATED } from './config.ts';
import { SimulatedMavlink2Rest } from './simulator/mavlink2rest.ts';
import { yoyo } from './simulator/motion.ts';

/** Gives the address of mavlink2rest; a simulated vehicle, with one of its own, is started first. */
export function vehicleOpener(address: string | null): () => Promise<string | null> {
  return async () => (address === SIMULATED ? new SimulatedMavlink2Rest(yoyo).start() : address);
}
