import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import { DepthTrack } from '../../shared/profile/depth-track.ts';
import type { SessionClock } from '../../shared/session-clock.ts';
import { VEHICLE_FILE, vehicleRow } from '../../shared/vehicle.ts';
import { lineBlocks } from '../files/line-blocks.ts';

/** The vehicle's depth over a session, as its vehicle.jsonl tells it. */
export interface VehicleTrack {
  track: DepthTrack;
  /** Whole lines that are no rows; they are left out. */
  damagedLines: number;
}

const ROW = vehicleRow.pick({ timestamp: true, elapsed_s: true, depth_m: true, depth_age_s: true });

/** What tells one state of a session's vehicle.jsonl from another; null where it has none. */
export async function vehicleFileState(folder: string): Promise<string | null> {
  try {
    const { size, mtimeMs } = await stat(join(folder, VEHICLE_FILE));
    return `${size} ${mtimeMs}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Rows of a session's vehicle.jsonl, as much of each as `row` reads, a block at a time; null
 * stands for a whole line that is none. What follows the last line feed is still being written.
 */
export async function* vehicleRows<T>(
  folder: string,
  row: z.ZodType<T>,
): AsyncGenerator<(T | null)[]> {
  for await (const block of lineBlocks(join(folder, VEHICLE_FILE))) {
    const lines = block.toString('utf8').split('\n').slice(0, -1);
    yield lines.map((line) => row.safeParse(parseJson(line)).data ?? null);
  }
}

/** Reads vehicle.jsonl of a session that has one. */
export async function readTrack(folder: string, clock: SessionClock): Promise<VehicleTrack> {
  const found: VehicleTrack = { track: new DepthTrack(), damagedLines: 0 };
  for await (const rows of vehicleRows(folder, ROW)) {
    for (const row of rows) {
      if (row === null) found.damagedLines += 1;
      else found.track.add({ time: clock.of(row), depth: row.depth_m, age: row.depth_age_s });
    }
  }
  return found;
}
