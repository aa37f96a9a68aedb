import { KdSoFar } from '../../shared/profile/kd-so-far.ts';
import type { Reading } from '../../shared/reading.ts';
import type { VehicleSample } from '../../shared/vehicle.ts';

/** Kd of the session that is recorded, as far as it is known; each session begins with none. */
export class DiveKd {
  readonly #session: () => string | null;
  #of: string | null = null;
  #kd = new KdSoFar();

  /** `session` is the id of the one that is recorded; null: none is. */
  constructor(session: () => string | null) {
    this.#session = session;
  }

  reading({ mono, value }: Reading): void {
    this.#current()?.add(mono, Number(value));
  }

  sampled({ at, values }: VehicleSample): void {
    const { depth_m, depth_age_s } = values;
    this.#current()?.addDepth({ time: at.mono, depth: depth_m, age: depth_age_s });
  }

  /** Per metre; null: not known. */
  get value(): number | null {
    return this.#current()?.attenuation?.kd_per_m ?? null;
  }

  #current(): KdSoFar | null {
    const session = this.#session();
    if (session !== this.#of) [this.#of, this.#kd] = [session, new KdSoFar()];
    return session === null ? null : this.#kd;
  }
}
