import type { z } from 'zod';
import type { Settings } from '../../shared/api/service.ts';
import type { vehicleStatus } from '../../shared/api/vehicle.ts';
import type { Clock } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Note } from '../../shared/events.ts';
import type { Reading } from '../../shared/reading.ts';
import type { Stalls } from '../../shared/stalls.ts';
import type { VehicleSample } from '../../shared/vehicle.ts';
import { DepthDoubts } from './depth-doubts.ts';
import { Instruments } from './instruments.ts';
import { type Figure, MavlinkOut, type StatusText } from './mavlink-out.ts';
import type { Sender } from './mavlink2rest.ts';
import { type Surface, SurfacePressure } from './surface-pressure.ts';
import { VehicleLink, type VehicleListener } from './vehicle-link.ts';

export interface VehicleParts {
  clock: Clock;
  stalls: Stalls;
  listener: Omit<VehicleListener, 'surfaced'>;
  /** Something that belongs into the session's events. */
  event(note: Note): void;
  /** Where the pressure at the surface outlives a restart. */
  surfaces: { read(): Promise<Surface | null>; write(surface: Surface): void };
  /** Resolves with the address of mavlink2rest; null: the vehicle is not asked. */
  open(): Promise<string | null>;
  /** The vehicle is made up in this process. */
  simulated: boolean;
  latest(): Reading | null;
  /** Whether a session is recorded, and its Kd so far, per metre; null: not known. */
  recording(): { isOn: boolean; kd: number | null };
  settings(): Settings;
  /** Why what the vehicle says is not recorded, in words. */
  recordingProblem(): string | null;
}

/** The vehicle that the sensor rides on: what it says, and what it is told. */
export class Vehicle {
  readonly #parts: VehicleParts;
  #link: VehicleLink | null = null;
  #out: MavlinkOut | null = null;
  #surface = new SurfacePressure();
  readonly #doubts = new DepthDoubts();

  constructor(parts: VehicleParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { clock, latest, open, surfaces } = this.#parts;
    const address = await open();
    if (address === null) return;
    this.#surface = new SurfacePressure(await surfaces.read());
    this.#link = this.#linkTo(address);
    const sender = () => this.#sender();
    const figures = () => this.#figures();
    this.#out = new MavlinkOut(address, { clock, latest, figures, sender });
    this.#link.start();
    this.#out.start();
  }

  #linkTo(address: string): VehicleLink {
    const { clock, stalls, listener, settings } = this.#parts;
    return new VehicleLink(address, {
      ...{ clock, stalls, surface: this.#surface },
      wanted: () => settings().vehicle_system_id,
      depth: settings,
      listener: {
        ...listener,
        sampled: (sample) => {
          listener.sampled(sample);
          this.#doubt(sample);
        },
        surfaced: (surface) => this.#surfaced(surface),
      },
    });
  }

  stop(): void {
    this.#link?.stop();
    this.#out?.stop();
  }

  /** Somebody says that the vehicle is at the surface: depth is reckoned from its pressure there. */
  surfaceNow(): Surface {
    const mono = this.#parts.clock.now().mono;
    const pressure = this.#link?.values().press_abs_hpa ?? null;
    if (pressure === null) throw new ApiError('wrong_state', NO_PRESSURE);
    const surface = this.#surface.sayNow(mono);
    if (surface === null) {
      const detail = `The outside pressure is ${pressure.toFixed(0)} hPa, which is no air: bring the vehicle to the surface first.`;
      throw new ApiError('wrong_state', detail);
    }
    this.#surfaced(surface);
    return surface;
  }

  #surfaced(surface: Surface): void {
    this.#parts.surfaces.write(surface);
    const hpa = Math.round(surface.hpa * 1000) / 1000;
    const how = surface.source === 'set' ? 'was set' : 'was found';
    this.#parts.event({
      kind: 'surface_pressure',
      detail: `The pressure at the surface ${how}: ${hpa.toFixed(1)} hPa.`,
      surface_press_hpa: hpa,
      source: surface.source === 'set' ? 'set' : 'found',
    });
  }

  #doubt({ values, at }: VehicleSample): void {
    for (const { kind, detail } of this.#doubts.look(values, at.mono)) {
      this.#parts.event({ kind: 'depth_doubtful', detail, doubt: kind });
    }
  }

  /** To the pilot, as words of the vehicle: into its log, and to QGroundControl. */
  say(said: StatusText): void {
    this.#out?.say(said);
  }

  /** The vehicle's own system, so that its ground stations listen; never the autopilot's component. */
  #sender(): Sender | null {
    const { mavlink_out, mavlink_component_id } = this.#parts.settings();
    const system = this.#link?.system ?? null;
    return mavlink_out && system !== null ? { system, component: mavlink_component_id } : null;
  }

  #figures(): Figure[] {
    const { isOn, kd } = this.#parts.recording();
    const rec: Figure = ['QS_REC', isOn ? 1 : 0];
    return kd === null ? [rec] : [rec, ['QS_KD', kd]];
  }

  /** The answer to GET /vehicle. */
  status(): z.input<typeof vehicleStatus> {
    const { simulated, settings, recordingProblem } = this.#parts;
    return {
      reachable: this.#link?.reachable ?? false,
      address: this.#link?.address ?? null,
      simulated,
      problem: recordingProblem() ?? this.#link?.problem ?? null,
      last: this.#link?.values() ?? new Instruments(settings).values(0),
      listening: this.#link?.isListening ?? false,
      surface: { press_hpa: this.#surface.now.hpa, source: this.#surface.now.source },
      doubts: this.#doubts.standing.map(({ detail }) => detail),
      sent: this.#out?.sent ?? 0,
      send_failures: this.#out?.failed ?? 0,
      send_problem: this.#out?.problem ?? null,
      system_id: this.#link?.system ?? null,
      mavlink_out: settings().mavlink_out,
    };
  }
}

const NO_PRESSURE =
  'The vehicle sends no outside pressure (SCALED_PRESSURE2): without a pressure sensor such as the Bar30 the surface can’t be set.';
