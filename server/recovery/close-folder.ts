import type { RecorderMetadata } from '../format/metadata.ts';
import { ROW_FORMATS } from '../format/row-format.ts';
import { mend, totalsOf } from './mend.ts';

/** Finalizes what lies in the folder of a session that has just failed, as the next start would. */
export async function closeFolder(folder: string, metadata: RecorderMetadata) {
  const mended = await mend(folder, ROW_FORMATS[metadata.format], metadata);
  const needs_recovery = mended.vehicle.problem !== null;
  return { totals: totalsOf(mended), repairs: mended.repairs, needs_recovery };
}
