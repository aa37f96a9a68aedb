import type { Services } from '../../control/services.ts';
import type { Handlers } from './register.ts';

/** What the vehicle itself says, and what only a person knows of it. */
export function vehicleHandlers(services: Services): Handlers<'vehicle' | 'surfaceNow'> {
  return {
    vehicle: () => services.vehicle.status(),
    surfaceNow: () => {
      const { hpa, source } = services.vehicle.surfaceNow();
      return { press_hpa: hpa, source };
    },
  };
}
