import { createHash } from 'node:crypto';
import type { Profile, ProfileMarker } from '../../../shared/api/profile.ts';
import { ProfileBuilder } from '../../../shared/profile/profile.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import type { Chunks } from '../../format/chunks.ts';
import { pathsOf } from '../chunk-paths.ts';
import { chunkRows } from '../chunk-rows.ts';
import { markersOf } from '../markers.ts';
import type { JoinSource } from '../row-join.ts';
import { isMarker } from '../row-text.ts';
import { readTrack, type VehicleTrack, vehicleFileState } from '../vehicle-track.ts';
import { keepProfile, readProfile } from './profile-cache.ts';
import type { OnWarning } from './session-bins.ts';

/** A session whose profile is asked for. */
export interface ProfileSource extends JoinSource {
  sessionId: string;
  /** Finalized, in order. */
  chunks: Chunks;
  /** Nothing is added to it any more. */
  isFinished: boolean;
}

/** Counts up when the method changes: what an older one has made is made anew. */
export const METHOD = 1;
const PROFILES_IN_MEMORY = 8;
const NO_VEHICLE =
  'This session has no depth: a light profile needs a vehicle whose autopilot BlueOS reaches.';
const NO_DEPTH = 'The vehicle never told its depth while this session was recorded.';
const NO_READINGS = 'No chunk of this session is finalized yet: try again after the interval.';
const NO_CAST =
  'No reading was taken on the way down or up: a cast is a way of 2 m or more, faster than 0.05 m/s.';

/** Makes light profiles: each reads the session's files once; what was made is kept. */
export class Profiles {
  readonly #onWarning: OnWarning;
  /** The one that was asked for last comes last. */
  readonly #kept = new Map<string, Promise<Profile>>();
  #work: Promise<unknown> = Promise.resolve();

  constructor(onWarning: OnWarning) {
    this.#onWarning = onWarning;
  }

  /** `darkOffset` is in the unit of the sensor. */
  async profile(source: ProfileSource, darkOffset: number): Promise<Profile> {
    const key = stateOf(source, darkOffset, await vehicleFileState(source.folder));
    const profile = this.#kept.get(key) ?? this.#inTurn(() => this.#find(source, darkOffset, key));
    this.#keep(key, profile);
    return profile;
  }

  /** One after the other: they are work for the processor, and readings go first. */
  #inTurn(task: () => Promise<Profile>): Promise<Profile> {
    const next = this.#work.then(task, task);
    this.#work = next;
    return next;
  }

  #keep(key: string, profile: Promise<Profile>): void {
    this.#kept.delete(key);
    this.#kept.set(key, profile);
    profile.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > PROFILES_IN_MEMORY) this.#kept.delete(oldest);
  }

  /** On disk lies what every view of a finished session asks for first. */
  async #find(source: ProfileSource, darkOffset: number, key: string): Promise<Profile> {
    const isKept = source.isFinished && darkOffset === 0;
    const found = isKept ? await readProfile(source.folder, key, this.#onWarning) : null;
    if (found !== null) return found;
    const made = await make(source, darkOffset);
    if (isKept) await keepProfile(source.folder, key, made, this.#onWarning);
    return made;
  }
}

function stateOf(source: ProfileSource, darkOffset: number, vehicle: string | null): string {
  const { startTime, chunks, events } = source;
  const state = [METHOD, darkOffset, startTime, vehicle, chunks.state, events];
  return createHash('sha256').update(JSON.stringify(state)).digest('hex');
}

async function make(source: ProfileSource, darkOffset: number): Promise<Profile> {
  const clock = new SessionClock(source.startTime, source.byWallClock);
  const hasVehicle = (await vehicleFileState(source.folder)) !== null;
  const vehicle = hasVehicle ? await readTrack(source.folder, clock) : null;
  const builder = vehicle && (await build(source, vehicle, darkOffset, clock));
  const casts = builder?.casts() ?? [];
  return {
    session_id: source.sessionId,
    dark_offset: darkOffset,
    total_rows: builder?.total ?? 0,
    problem: casts.length > 0 ? null : problemOf(source, vehicle),
    casts,
    left_out: builder?.leftOut ?? {
      ...{ without_depth: 0, not_moving: 0, not_above_dark: 0, damaged_lines: 0 },
    },
    markers: profileMarkers(source, vehicle, clock),
  };
}

async function build(
  { folder, chunks }: ProfileSource,
  { track, damagedLines }: VehicleTrack,
  darkOffset: number,
  clock: SessionClock,
): Promise<ProfileBuilder> {
  const builder = new ProfileBuilder(track, darkOffset);
  builder.leftOut.damaged_lines = damagedLines;
  const paths = pathsOf(folder, chunks);
  const onDamage = () => {
    builder.leftOut.damaged_lines += 1;
  };
  for await (const rows of chunkRows(paths, onDamage)) {
    for (const row of rows) if (!isMarker(row)) builder.add(clock.ofRow(row), Number(row.value));
  }
  return builder;
}

function problemOf({ chunks }: ProfileSource, vehicle: VehicleTrack | null): string {
  if (vehicle === null) return NO_VEHICLE;
  if (chunks.length === 0) return NO_READINGS;
  return vehicle.track.hasDepth ? NO_CAST : NO_DEPTH;
}

function profileMarkers(
  { events }: ProfileSource,
  vehicle: VehicleTrack | null,
  clock: SessionClock,
): ProfileMarker[] {
  return markersOf(events, clock).map(({ time, text }) => ({
    elapsed_s: time,
    text,
    depth_m: vehicle?.track.depthAt(time) ?? null,
  }));
}
