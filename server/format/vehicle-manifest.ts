import { join } from 'node:path';
import { type SealedPart, sealedPart, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { type Ledger, mendLedger, readLedger } from './ledger.ts';
import { PackedList } from './packed-list.ts';

export interface SealedParts extends Ledger {
  /** As they were sealed, each with all that was sealed before. */
  parts: PackedList<SealedPart>;
}

export async function readSealedParts(folder: string): Promise<SealedParts> {
  const parts = new PackedList<SealedPart>();
  const ledger = await readLedger(join(folder, VEHICLE_MANIFEST), sealedPart, (part) =>
    parts.add(part),
  );
  return { ...ledger, parts: ledger.isUnreadable ? new PackedList() : parts };
}

/** What is sealed of the files beside the chunks. */
export async function readOtherFiles(folder: string): Promise<SealedPart[]> {
  const { last } = (await readSealedParts(folder)).parts;
  return last === null ? [] : [last];
}

/** Lines that could not be read, or that hold no longer, are kept aside. */
export async function mendSealedParts(
  folder: string,
  before: SealedParts,
  parts: PackedList<SealedPart>,
): Promise<void> {
  await mendLedger(join(folder, VEHICLE_MANIFEST), before, parts);
}
