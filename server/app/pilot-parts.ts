import type { ByItselfWatch } from '../control/by-itself-watch.ts';
import { DataLake } from '../live/data-lake.ts';
import type { LiveHub } from '../live/hub.ts';
import type { DiveKd } from '../pilot/dive-kd.ts';
import { PilotWatch } from '../pilot/pilot-watch.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Sensor } from '../sensor/sensor.ts';
import type { Vehicle } from '../vehicle/vehicle.ts';
import type { AppParts } from './wiring.ts';

export interface PilotNeeds {
  live: LiveHub;
  recorder: Recorder;
  sensor: Sensor;
  vehicle: Vehicle;
  kd: DiveKd;
  byItself: ByItselfWatch;
}

/** Looks after what the pilot must hear of. */
export function buildPilotWatch(
  { clock, log }: Pick<AppParts, 'clock' | 'log'>,
  needs: PilotNeeds,
): PilotWatch {
  const { live, recorder, sensor, vehicle, byItself } = needs;
  return new PilotWatch({
    clock,
    recording: () => ({ ...recorder.status(), cantBegin: byItself.isFailing }),
    sensor: () => {
      const { state, expectedRateHz } = sensor.snapshot();
      const periodS = state === 'PAUSED' ? null : 1 / (expectedRateHz ?? 1);
      return { ageS: live.lastReadingAge(), periodS };
    },
    vehicle: () => {
      const { system_id, last } = vehicle.status();
      return { isHeard: system_id !== null, depthM: last.depth_m };
    },
    tell: (notice) => {
      log.logger.info({ severity: notice.severity }, `To the pilot: ${notice.text}`);
      vehicle.say(notice);
    },
  });
}

/** What stands in Cockpit's data lake. */
export function buildDataLake(pilot: PilotWatch, needs: PilotNeeds): DataLake {
  const { live, recorder, sensor, vehicle, kd } = needs;
  return new DataLake(live, () => {
    const { is_recording, total_rows } = recorder.status();
    const { depth_m } = vehicle.status().last;
    const { state } = sensor.snapshot();
    const kd_per_m = kd.value;
    return { is_recording, total_rows, state, depth_m, kd_per_m, notice: pilot.notice };
  });
}
