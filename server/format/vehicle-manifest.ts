import { join } from 'node:path';
import { parseJson } from '../../shared/json.ts';
import { type SealedPart, sealedPart, VEHICLE_MANIFEST } from '../../shared/vehicle.ts';
import { writeDurably } from '../files/durable-file.ts';
import { readOrLost } from '../files/read-text.ts';
import { copyAside, setAside } from '../files/set-aside.ts';

export interface SealedParts {
  /** As they were sealed, each with all that was sealed before. */
  parts: SealedPart[];
  /** Lines that say nothing: a manifest that was cut. */
  badLines: number;
  /** As it lies there; empty where the disk does not give it back. */
  text: string;
  isUnreadable: boolean;
}

export async function readSealedParts(folder: string): Promise<SealedParts> {
  const text = await readOrLost(join(folder, VEHICLE_MANIFEST));
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  const parts = lines.flatMap((line) => sealedPart.safeParse(parseJson(line)).data ?? []);
  return {
    ...{ parts, badLines: lines.length - parts.length },
    ...{ text: text ?? '', isUnreadable: text === null },
  };
}

/** What is sealed of the files beside the chunks. */
export async function readOtherFiles(folder: string): Promise<SealedPart[]> {
  return (await readSealedParts(folder)).parts.slice(-1);
}

/** Lines that could not be read, or that hold no longer, are kept aside. */
export async function mendSealedParts(
  folder: string,
  { text: before, badLines, isUnreadable }: SealedParts,
  parts: readonly SealedPart[],
): Promise<void> {
  const after = parts.map((part) => `${JSON.stringify(part)}\n`).join('');
  if (before === after && !isUnreadable) return;
  const path = join(folder, VEHICLE_MANIFEST);
  if (isUnreadable) await setAside(path);
  else if (badLines > 0 || !after.startsWith(before)) await copyAside(path);
  await writeDurably(path, after);
}
