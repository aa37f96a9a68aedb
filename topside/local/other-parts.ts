import { z } from 'zod';
import { type SealedPart, sealedPart } from '../../shared/vehicle.ts';
import type { LocalSession } from './local-session.ts';

const ended = z.object({ other_files: z.array(sealedPart) });

/** What an ended session has beside its chunks, as its metadata tells. */
export function othersOf({ metadata }: LocalSession): SealedPart[] {
  return ended.safeParse(metadata).data?.other_files ?? [];
}

export function othersAreHere(local: LocalSession): boolean {
  return othersOf(local).every((part) => isListed(part, local));
}

/** This very part of it is here. */
export function isListed(
  { filename, size_bytes, sha256 }: SealedPart,
  local: LocalSession,
): boolean {
  const isIt = (one: SealedPart) => one.filename === filename && one.sha256 === sha256;
  return local.otherFiles.some(isIt) && local.sizes.get(filename) === size_bytes;
}
