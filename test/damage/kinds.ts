import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BadSector, badSector } from './bad-sectors.ts';

/** What of a session must be told and served after a damage. */
export interface Left {
  /** Finalized chunks with their rows. */
  chunks: Record<string, number>;
  /** Kind and file. */
  damage: readonly (readonly [kind: string, file: string | null])[];
  /** Nothing tells the depth of its readings any more. */
  isWithoutDepth?: true;
}

export interface Kind {
  name: string;
  format?: 'csv';
  /** Sizes and names tell nothing: whoever reads the file finds it. */
  hidden?: true;
  /** Does the damage in the folder of a session that has ended; gives what the disk does not give back. */
  harm(folder: string): Promise<BadSector | undefined>;
  left(folder: string): Promise<Partial<Left>>;
}

/** As {@link recordedSession} makes them. */
export const WHOLE = {
  'chunk_00000.jsonl': 100,
  'chunk_00001.jsonl': 100,
  'chunk_00002.jsonl': 50,
};
const FIRST = 'chunk_00000.jsonl';
const SECOND = 'chunk_00001.jsonl';
const LAST = 'chunk_00002.jsonl';
const SECTOR = 4096;

type Harm = (path: string) => Promise<unknown>;

const removed: Harm = (path) => rm(path);
const emptied: Harm = (path) => truncate(path, 0);
const zeros: Harm = async (path) => writeFile(path, Buffer.alloc((await readFile(path)).length));
const garbage: Harm = (path) => writeFile(path, 'x\u0001}{\n'.repeat(50));
const cut =
  (part: number): Harm =>
  async (path) =>
    truncate(path, Math.floor((await readFile(path)).length * part));
const folderInstead: Harm = async (path) => {
  await rm(path);
  await mkdir(path);
};
/** In the tenth line, which keeps its length. */
const changed =
  (from: RegExp, to: string): Harm =>
  async (path) => {
    const lines = (await readFile(path, 'utf8')).split('\n');
    lines[9] = lines[9]?.replace(from, to) ?? '';
    await writeFile(path, lines.join('\n'));
  };

function kind(name: string, file: string, harm: Harm, left: Partial<Left>): Kind {
  return {
    name,
    harm: async (folder) => {
      await harm(join(folder, file));
      return undefined;
    },
    left: async () => left,
  };
}

function sector(name: string, file: string, to: number, left: Kind['left']): Kind {
  const from = to === Number.MAX_SAFE_INTEGER ? 0 : to - SECTOR;
  return { name, left, harm: (folder) => badSector(join(folder, file), from, to) };
}

const chunks = (changes: Record<string, number>) => {
  const all = Object.entries({ ...WHOLE, ...changes }).filter(([, rows]) => rows > 0);
  return Object.fromEntries(all);
};

const METADATA = { damage: [['metadata_rebuilt', 'metadata.json']] } as const;
const MANIFEST = { damage: [['manifest_rebuilt', 'manifest.jsonl']] } as const;
const EVENTS = { damage: [['events_mended', 'events.jsonl']] } as const;
const SECOND_DAMAGED = { damage: [['chunk_damaged', SECOND]] } as const;

/** Lines of a chunk of which no byte lies in its second sector. */
async function readableRows(folder: string): Promise<number> {
  let at = 0;
  const lines = (await readFile(join(folder, SECOND), 'utf8')).split(/(?<=\n)/);
  return lines.filter((line) => {
    at += line.length;
    return at <= SECTOR || at - line.length >= 2 * SECTOR;
  }).length;
}

const EVERYWHERE = Number.MAX_SAFE_INTEGER;

const hidden = (plain: Kind): Kind => ({ ...plain, hidden: true });

/** The same chunks as CSV. */
export const CSV = (name: string) => name.replace('jsonl', 'csv');
const inCsv = (all: Record<string, number>) =>
  Object.fromEntries(Object.entries(all).map(([name, rows]) => [CSV(name), rows]));

const CSV_KINDS = [
  kind('CSV: nothing', '', async () => undefined, {}),
  kind('CSV: metadata removed', 'metadata.json', removed, METADATA),
  kind('CSV: chunk removed', CSV(SECOND), removed, {
    ...{ chunks: inCsv(chunks({ [SECOND]: 0 })), damage: [['chunk_missing', CSV(SECOND)]] },
  }),
  hidden(
    kind('CSV: a line damaged', CSV(SECOND), changed(/freerun/, 'freer,n'), {
      ...{ chunks: inCsv(chunks({ [SECOND]: 99 })), damage: [['chunk_damaged', CSV(SECOND)]] },
    }),
  ),
].map((plain): Kind => ({ ...plain, format: 'csv' }));

export const KINDS: readonly Kind[] = [
  kind('nothing', '', async () => undefined, {}),
  ...Object.entries({ removed, emptied, zeros, garbage, cut: cut(0.5) }).flatMap(([how, harm]) => [
    kind(`manifest ${how}`, 'manifest.jsonl', harm, MANIFEST),
    kind(`metadata ${how}`, 'metadata.json', harm, METADATA),
  ]),
  kind('metadata is a folder', 'metadata.json', folderInstead, METADATA),
  kind('chunk removed', SECOND, removed, {
    ...{ chunks: chunks({ [SECOND]: 0 }), damage: [['chunk_missing', SECOND]] },
  }),
  kind('last chunk removed', LAST, removed, {
    ...{ chunks: chunks({ [LAST]: 0 }), damage: [['chunk_missing', LAST]] },
  }),
  kind('chunk emptied', SECOND, emptied, { chunks: chunks({ [SECOND]: 0 }), ...SECOND_DAMAGED }),
  kind('chunk cut', SECOND, cut(0.505), { chunks: chunks({ [SECOND]: 50 }), ...SECOND_DAMAGED }),
  {
    ...kind('manifest and a chunk removed', '', async () => undefined, {
      chunks: chunks({ [SECOND]: 0 }),
      damage: [
        ['manifest_rebuilt', 'manifest.jsonl'],
        ['rows_missing', null],
      ],
    }),
    harm: async (folder) => {
      for (const name of ['manifest.jsonl', SECOND]) await rm(join(folder, name));
      return undefined;
    },
  },
  kind('events removed', 'events.jsonl', removed, { damage: [['events_missing', 'events.jsonl']] }),
  kind('events garbage', 'events.jsonl', garbage, EVENTS),
  kind('events cut', 'events.jsonl', cut(0.9), EVENTS),
  kind('vehicle removed', 'vehicle.jsonl', removed, {
    ...{ damage: [['vehicle_missing', 'vehicle.jsonl']], isWithoutDepth: true },
  }),
  kind('vehicle cut', 'vehicle.jsonl', cut(0.5), {
    damage: [['vehicle_damaged', 'vehicle.jsonl']],
  }),
  hidden(
    kind('chunk zeros', SECOND, zeros, { chunks: chunks({ [SECOND]: 0 }), ...SECOND_DAMAGED }),
  ),
  hidden(
    kind('a line damaged', FIRST, changed(/"seq":9/, '"s\u0000q":9'), {
      ...{ chunks: chunks({ [FIRST]: 99 }), damage: [['chunk_damaged', FIRST]] },
    }),
  ),
  hidden(
    kind('a digit changed', FIRST, changed(/0\.010046/, '0.910046'), {
      damage: [['chunk_damaged', FIRST]],
    }),
  ),
  hidden(
    sector('a bad sector in a chunk', SECOND, 2 * SECTOR, async (folder) => ({
      ...{ chunks: chunks({ [SECOND]: await readableRows(folder) }), ...SECOND_DAMAGED },
    })),
  ),
  hidden(
    sector('a chunk of bad sectors', SECOND, EVERYWHERE, async () => ({
      ...{ chunks: chunks({ [SECOND]: 0 }), damage: [['chunk_unreadable', SECOND]] },
    })),
  ),
  sector('bad sectors in the manifest', 'manifest.jsonl', EVERYWHERE, async () => MANIFEST),
  sector('bad sectors in the metadata', 'metadata.json', EVERYWHERE, async () => METADATA),
  sector('bad sectors in the events', 'events.jsonl', EVERYWHERE, async () => EVENTS),
  ...CSV_KINDS,
];
