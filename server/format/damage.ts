import { DAMAGE_LISTED, type Damage, damageList } from '../../shared/damage.ts';
import type { EventKind } from '../../shared/events.ts';
import { VEHICLE_FILE } from '../../shared/vehicle.ts';

/** Events that tell of damage, with the file that they are about; `own`: the event names it. */
const FILE_OF = {
  chunk_damaged: 'own',
  chunk_missing: 'own',
  chunk_unreadable: 'own',
  rows_missing: null,
  manifest_rebuilt: 'manifest.jsonl',
  metadata_rebuilt: 'metadata.json',
  events_mended: 'events.jsonl',
  events_missing: 'events.jsonl',
  vehicle_damaged: VEHICLE_FILE,
  vehicle_missing: VEHICLE_FILE,
  vehicle_unmended: VEHICLE_FILE,
} as const satisfies Partial<Record<EventKind, string | null>>;

interface Told {
  kind: string;
  detail: string;
  file?: unknown;
}

/** The damage that events tell of, in their order. */
export function damageOf(events: readonly Told[]): Damage[] {
  return events.flatMap(({ kind, detail, file: own }) => {
    if (!isDamage(kind)) return [];
    const file = FILE_OF[kind] === 'own' ? String(own) : FILE_OF[kind];
    return [{ kind, file, detail }];
  });
}

const isDamage = (kind: string): kind is keyof typeof FILE_OF => Object.hasOwn(FILE_OF, kind);

/** Each file and kind once, as it was told last, and no more than a list takes. */
export function listed(all: readonly Damage[]): Damage[] {
  const last = new Map<string, Damage>();
  for (const one of all) {
    last.delete(keyOf(one));
    last.set(keyOf(one), one);
  }
  const each = [...last.values()];
  if (each.length <= DAMAGE_LISTED) return each;
  const detail = 'There is more: events.jsonl tells of all.';
  return [...each.slice(0, DAMAGE_LISTED - 1), { kind: 'more', file: null, detail }];
}

const keyOf = ({ kind, file }: Damage) => `${kind} ${file}`;

/** What metadata.json tells of it. */
export function damageIn(metadata: { damage?: unknown }): Damage[] {
  return damageList.safeParse(metadata.damage).data ?? [];
}
