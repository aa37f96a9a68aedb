import type { z } from 'zod';
import type { Instant } from '../../shared/clock.ts';
import type { VehicleValues } from '../../shared/vehicle.ts';
import { MESSAGES, type MessageName } from './messages.ts';
import { type Aged, Sighting } from './sighting.ts';

type Fields<Name extends MessageName> = z.infer<(typeof MESSAGES)[Name]>['message'];

/** What the vehicle's instruments show, from the newest messages of its autopilot. */
export class Instruments {
  readonly #seen = {
    VFR_HUD: new Sighting<Fields<'VFR_HUD'>>(),
    GLOBAL_POSITION_INT: new Sighting<Fields<'GLOBAL_POSITION_INT'>>(),
    SCALED_PRESSURE2: new Sighting<Fields<'SCALED_PRESSURE2'>>(),
  };

  /** Takes an answer of mavlink2rest, null for none. False where it can't be understood. */
  take<Name extends MessageName>(name: Name, answer: unknown, now: Instant): boolean {
    const parsed = MESSAGES[name].safeParse(answer);
    const seen = this.#seen[name] as Sighting<unknown>;
    if (parsed.success) seen.look(parsed.data.message, parsed.data.status.time, now);
    else seen.miss();
    return parsed.success || answer === null;
  }

  /** As they are at this moment of the monotonic clock. */
  values(mono: number): VehicleValues {
    const hud = this.#seen.VFR_HUD.at(mono);
    const position = this.#seen.GLOBAL_POSITION_INT.at(mono);
    const pressure = this.#seen.SCALED_PRESSURE2.at(mono);
    const fix = position.value && isFix(position.value) ? position.value : null;
    return {
      depth_m: depth(position.value?.relative_alt ?? null),
      depth_age_s: ageOf(position),
      latitude_deg: fix && fix.lat / 1e7,
      longitude_deg: fix && fix.lon / 1e7,
      position_age_s: ageOf(position),
      heading_deg: heading(hud.value?.heading ?? null),
      heading_age_s: ageOf(hud),
      water_temperature_c: pressure.value && pressure.value.temperature / 100,
      water_temperature_age_s: ageOf(pressure),
    };
  }
}

/** In milliseconds: more digits would say more than is known. */
function ageOf({ age }: Aged<unknown>): number | null {
  return age === null ? null : Math.round(age * 1000) / 1000;
}

/** Metres below home, which is at the surface; subtracted, since minus zero is no depth. */
function depth(aboveHomeMm: number | null): number | null {
  return aboveHomeMm === null ? null : (0 - aboveHomeMm) / 1000;
}

function heading(degrees: number | null): number | null {
  return degrees !== null && degrees >= 0 && degrees <= 360 ? degrees : null;
}

/** The autopilot says 0, 0 as long as it has no fix. */
function isFix({ lat, lon }: Fields<'GLOBAL_POSITION_INT'>): boolean {
  return (lat !== 0 || lon !== 0) && Math.abs(lat) <= 90e7 && Math.abs(lon) <= 180e7;
}
