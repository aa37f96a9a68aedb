import { parseIsoMicros } from '../../shared/clock.ts';
import type { VehicleSample } from '../../shared/vehicle.ts';
import type { Look } from './offsets.ts';

/** The autopilot's UTC comes from its GPS alone from this type of fix on (3D). */
const LEAST_FIX = 3;
/** The look that was under way least long counts, of those of this time. */
const WINDOW_S = 60;
/** A message takes some time through router and proxy; how long nobody tells. */
const LEAST_UNCERTAINTY_S = 0.1;
const FRESH_S = 2;

/** Makes looks at the autopilot's clock of what the vehicle says. */
export class AutopilotLooks {
  #best: Look | null = null;
  #since = Number.NEGATIVE_INFINITY;

  /** A look each time when a window is over; null in between, and without a fix. */
  take({ at, values }: VehicleSample): Look | null {
    const { autopilot_utc, autopilot_utc_age_s, fix_type } = values;
    if (autopilot_utc === null || autopilot_utc_age_s === null) return null;
    if ((fix_type ?? 0) < LEAST_FIX || autopilot_utc_age_s > FRESH_S) return null;
    const mono = at.mono - autopilot_utc_age_s;
    this.#keep({ client: null, utcMicros: parseIsoMicros(autopilot_utc), mono });
    if (at.mono - this.#since < WINDOW_S) return null;
    const best = this.#best;
    this.#since = at.mono;
    this.#best = null;
    return best;
  }

  /** Nothing comes early: of two looks the one that tells the later time was under way less long. */
  #keep(look: Omit<Look, 'uncertaintyS'>): void {
    const best = this.#best;
    const isBetter = best === null || ahead(look) > ahead(best);
    if (isBetter) this.#best = { ...look, uncertaintyS: LEAST_UNCERTAINTY_S };
  }
}

const ahead = ({ utcMicros, mono }: Omit<Look, 'uncertaintyS'>) => utcMicros - mono * 1e6;
