import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { KeyValue, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Reading } from '../../../shared/reading.ts';
import { chunkRows, type OnDamage } from '../chunk-rows.ts';
import { type RowBlocks, readingRows } from '../row-blocks.ts';
import type { RowJoin } from '../row-join.ts';
import { ParquetColumns } from './parquet-columns.ts';
import { READING_SCHEMA, sessionSchema } from './parquet-schema.ts';

/**
 * A row group is encoded in one go, about 1.2 ms per 1 000 rows: small groups
 * leave the event loop free, few groups keep a file's footer small. So they grow
 * with the file.
 */
const SMALLEST_GROUP_ROWS = 4096;
const LARGEST_GROUP_ROWS = 16_384;
const GROUPS_BEFORE_GROWING = 128;
/** Level 1 takes a third of the time of level 6, for a tenth more bytes. */
const GZIP_LEVEL = 1;

type Texts = Readonly<Record<string, string>>;

/** What a Parquet file says of itself, and of its columns by their names. */
export interface ParquetMetadata {
  file?: Texts;
  columns?: Readonly<Record<string, Texts>>;
}

/**
 * Chunk files as one Parquet file: `timestamp` in UTC microseconds, numbers as
 * doubles, `seq` as a 64-bit integer. `metadata` becomes key-value metadata. With something to
 * join, its columns come last. Without `onDamage` it ends at the first damaged line.
 */
export function sessionParquet(
  paths: Iterable<string>,
  metadata: ParquetMetadata = {},
  join: RowJoin | null = null,
  onDamage?: OnDamage,
): Readable {
  return parquet(sessionSchema(join?.columns ?? []), chunkRows(paths, onDamage), metadata, join);
}

/** Readings in memory as one Parquet file. */
export function memoryParquet(
  readings: Iterable<Reading>,
  metadata: ParquetMetadata = {},
): Readable {
  return parquet(READING_SCHEMA, readingRows(readings), metadata);
}

function parquet(
  schema: SchemaElement[],
  blocks: RowBlocks,
  metadata: ParquetMetadata,
  join: RowJoin | null = null,
): Readable {
  return Readable.from(parquetBytes(schema, blocks, metadata, join), { objectMode: false });
}

async function* parquetBytes(
  schema: SchemaElement[],
  blocks: RowBlocks,
  metadata: ParquetMetadata,
  join: RowJoin | null,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema,
    codec: 'GZIP',
    compressors: { GZIP: (page) => gzipSync(page, { level: GZIP_LEVEL }) },
    kvMetadata: keyValues(metadata.file),
  });
  const names = schema.slice(1).map(({ name }) => name);
  for await (const columns of rowGroups(blocks, join)) {
    await file.write({
      columnData: columns.sources(names),
      rowGroupSize: columns.rows,
    });
    yield taken(bytes);
  }
  describeColumns(file.row_groups, metadata.columns);
  await file.finish();
  yield taken(bytes);
}

function keyValues(texts: Texts = {}): KeyValue[] {
  return Object.entries(texts).map(([key, value]) => ({ key, value }));
}

/** Parquet keeps it with each part of a column; the writer has no option for it, but writes it. */
function describeColumns(groups: RowGroup[], columns: ParquetMetadata['columns'] = {}): void {
  for (const { meta_data } of groups.flatMap((group) => group.columns)) {
    const texts = columns[meta_data?.path_in_schema.join('.') ?? ''];
    if (meta_data && texts) meta_data.key_value_metadata = keyValues(texts);
  }
}

async function* rowGroups(blocks: RowBlocks, join: RowJoin | null): AsyncGenerator<ParquetColumns> {
  let columns = new ParquetColumns(join);
  let total = 0;
  for await (const rows of blocks) {
    for (const row of rows) columns.add(row);
    if (columns.rows < groupRows(total)) continue;
    total += columns.rows;
    yield columns;
    columns = new ParquetColumns(join);
  }
  if (columns.rows > 0) yield columns;
}

function groupRows(rowsBefore: number): number {
  const grown = rowsBefore / GROUPS_BEFORE_GROWING;
  return Math.min(LARGEST_GROUP_ROWS, Math.max(SMALLEST_GROUP_ROWS, grown));
}

/** What was written since the last time; offsets in the file go on counting. */
function taken(bytes: ByteWriter): Uint8Array {
  const part = bytes.getBytes().slice();
  bytes.index = 0;
  return part;
}
