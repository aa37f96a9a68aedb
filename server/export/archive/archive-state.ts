import { join } from 'node:path';
import type { ArchiveState } from '../../../shared/api/archive.ts';
import { lightOf } from '../../../shared/archive/described.ts';
import { type Measured, missingOfData, missingOfForm } from '../../../shared/archive/missing.ts';
import { VEHICLE_FILE } from '../../../shared/vehicle.ts';
import { lineBlocks } from '../../files/line-blocks.ts';
import type { ExportSession } from '../export-session.ts';
import { vehicleFileState } from '../vehicle-track.ts';

/** A day of a vehicle without a position has to be looked through in a second: no row is parsed. */
const KNOWN = { position: /"latitude_deg":[-\d]/, depth: /"depth_m":[-\d]/ };

/** What an archive would get to know of the session, and what it would miss. */
export async function archiveState(session: ExportSession): Promise<ArchiveState> {
  const { deployment, detail } = session;
  const { hasPosition, hasDepth } = await vehicleTells(session.folder);
  const measured: Measured = {
    ...{ hasPosition, hasDepth, hasReadings: detail.summary.chunk_count > 0 },
    hasUnit: lightOf(detail).factor !== null,
  };
  return { deployment, lacks: [...missingOfForm(deployment), ...missingOfData(measured)] };
}

async function vehicleTells(folder: string): Promise<Pick<Measured, 'hasPosition' | 'hasDepth'>> {
  const found = { hasPosition: false, hasDepth: false };
  if ((await vehicleFileState(folder)) === null) return found;
  for await (const block of lineBlocks(join(folder, VEHICLE_FILE))) {
    const text = block.toString('latin1');
    found.hasPosition ||= KNOWN.position.test(text);
    found.hasDepth ||= KNOWN.depth.test(text);
    if (found.hasPosition && found.hasDepth) break;
  }
  return found;
}
