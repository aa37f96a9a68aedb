import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readOtherFiles } from '../../server/format/vehicle-manifest.ts';
import { Instruments } from '../../server/vehicle/instruments.ts';
import type { Instant } from '../../shared/clock.ts';
import {
  type SealedPart,
  VEHICLE_FILE,
  type VehicleRow,
  type VehicleSample,
  vehicleRow,
} from '../../shared/vehicle.ts';
import { SEA } from './recorder-bench.ts';

const NOTHING = new Instruments(() => SEA).values(0);

/** What the vehicle says at this moment. */
export function sampleAt(at: Instant, depth: number): VehicleSample {
  return {
    at,
    values: {
      ...NOTHING,
      ...{ depth_m: depth, depth_age_s: 0.05, latitude_deg: 42.6, longitude_deg: -8.9 },
      ...{ position_age_s: 0.1, heading_deg: 350, heading_age_s: 0.05 },
      depth_source: 'pressure',
    },
  };
}

/** The rows of vehicle.jsonl that its manifest says are sealed, after both have been compared. */
export async function sealedRows(folder: string): Promise<VehicleRow[]> {
  const [part] = await readOtherFiles(folder);
  return part === undefined ? [] : soundRows(part, await readFile(join(folder, VEHICLE_FILE)));
}

/** The rows in the bytes of a sealed part, after they have been compared with what is said of it. */
export function soundRows(part: SealedPart, bytes: Buffer): VehicleRow[] {
  const sealed = bytes.subarray(0, part.size_bytes);
  const lines = sealed.toString('utf8').split('\n');
  expect({
    size_bytes: sealed.length,
    row_count: lines.length - 1,
    sha256: createHash('sha256').update(sealed).digest('hex'),
    last: lines.pop(),
  }).toEqual({
    size_bytes: part.size_bytes,
    row_count: part.row_count,
    sha256: part.sha256,
    last: '',
  });
  const rows = lines.map((line) => vehicleRow.strict().parse(JSON.parse(line)));
  const elapsed = rows.map(({ elapsed_s }) => elapsed_s);
  expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b));
  return rows;
}
