import type { Services } from '../services.ts';
import type { Handlers } from './register.ts';

/** What the vehicle itself says. */
export function vehicleHandlers(services: Services): Handlers<'vehicle'> {
  return { vehicle: () => services.vehicle.status() };
}
