import type { Damage } from '../../shared/damage.ts';
import { ChunkList } from '../format/chunk-list.ts';
import { damageIn, listed } from '../format/damage.ts';
import type { Judged } from '../format/found.ts';
import { isClosed, type SessionMetadata } from '../format/metadata.ts';
import type { Seen } from './look.ts';
import { metadataOfSeen } from './rebuild.ts';

interface Found {
  id: string;
  metadata: SessionMetadata | null;
  seen: Seen;
}

/** What there is of it as it lies there, without the chunks that are doubted; `refusal`: why it could not be mended. */
export async function judgedBy(
  { id, metadata, seen }: Found,
  doubted: readonly Damage[],
  refusal: string | null,
): Promise<Judged> {
  const isOpen = metadata !== null && !isClosed(metadata);
  const found = isOpen ? seen.differences.filter(isOfChunk) : seen.differences;
  const differences = [...found, ...doubted];
  const unsure = new Set(doubted.flatMap(({ file }) => file ?? []));
  const chunks = await seen.chunks.without(unsure);
  const otherFiles = seen.otherFiles.filter(({ filename }) => !unsure.has(filename));
  const damage = listed([...damageIn(metadata ?? {}), ...differences, ...unmended(refusal)]);
  const list = new ChunkList(id, chunks, otherFiles, damage);
  const data = metadata ?? metadataOfSeen(id, seen);
  const totals = {
    total_rows: list.rows,
    chunk_count: list.chunks.length,
    size_bytes: list.sizeBytes,
  };
  return {
    metadata: {
      ...(isOpen || differences.length === 0 ? data : { ...data, ...totals }),
      ...(damage.length > 0 ? { damage } : {}),
    },
    ...{ list, events: seen.events, damage },
  };
}

/** What else does not fit together in a session that goes on is not written yet. */
const isOfChunk = ({ kind }: Damage) => kind === 'chunk_missing' || kind === 'chunk_damaged';

function unmended(reason: string | null): Damage[] {
  if (reason === null) return [];
  const detail = `The disk does not let it be mended: ${reason}.`;
  return [{ kind: 'unmended', file: null, detail }];
}
