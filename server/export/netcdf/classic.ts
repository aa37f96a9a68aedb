/**
 * The head of a NetCDF file in the classic format with 64-bit offsets (CDF-2), as Unidata's file
 * format specification gives it: big-endian, every part padded to four bytes.
 */

export type AttributeValue = string | number | readonly number[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface Dimension {
  name: string;
  /** null: the record dimension, along which the file goes on. */
  length: number | null;
}

export interface Variable {
  name: string;
  type: keyof typeof TYPES;
  /** Names of its dimensions. One of the record dimension comes once in each record. */
  dimensions: readonly string[];
  attributes: Attributes;
}

export interface Dataset {
  /** How many records follow. */
  records: number;
  dimensions: readonly Dimension[];
  attributes: Attributes;
  /** Those without the record dimension first, as their data come in the file. */
  variables: readonly Variable[];
}

export const TYPES = {
  byte: { code: 1, bytes: 1 },
  char: { code: 2, bytes: 1 },
  int: { code: 4, bytes: 4 },
  float: { code: 5, bytes: 4 },
  double: { code: 6, bytes: 8 },
} as const;

const [DIMENSIONS, VARIABLES, ATTRIBUTES] = [0x0a, 0x0b, 0x0c];
const MAGIC = Buffer.from('CDF\u0002', 'latin1');

/** Bytes of a variable's data, or of its part of a record. */
export function sizeOf({ type, dimensions }: Variable, data: Pick<Dataset, 'dimensions'>): number {
  const lengths = dimensions.map((name) => lengthOf(name, data) ?? 1);
  return padded(lengths.reduce((product, length) => product * length, TYPES[type].bytes));
}

/** Bytes of one record. */
export function recordSize(data: Dataset): number {
  const sizes = data.variables.filter((one) => isRecord(one, data)).map((one) => sizeOf(one, data));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Ahead of all data. Offsets take as many bytes whatever they are, so that its own size is known first. */
export function head(data: Dataset): Buffer {
  const { length } = written(data, 0);
  return written(data, length);
}

function written(data: Dataset, dataBegin: number): Buffer {
  const { records, dimensions, attributes, variables } = data;
  let begin = dataBegin;
  const entries = variables.map((variable) => {
    const entry = variableEntry(variable, data, begin);
    begin += sizeOf(variable, data);
    return entry;
  });
  return Buffer.concat([
    ...[MAGIC, int(records)],
    ...list(
      DIMENSIONS,
      dimensions.map(({ name, length }) => Buffer.concat([text(name), int(length ?? 0)])),
    ),
    ...attributeList(attributes),
    ...list(VARIABLES, entries),
  ]);
}

function variableEntry(variable: Variable, data: Dataset, begin: number): Buffer {
  const { name, type, dimensions, attributes } = variable;
  const ids = dimensions.map((one) => data.dimensions.findIndex((known) => known.name === one));
  const offset = Buffer.alloc(8);
  offset.writeBigUInt64BE(BigInt(begin));
  return Buffer.concat([
    ...[text(name), int(ids.length), ...ids.map(int), ...attributeList(attributes)],
    ...[int(TYPES[type].code), int(sizeOf(variable, data)), offset],
  ]);
}

function attributeList(attributes: Attributes): Buffer[] {
  const entries = Object.entries(attributes).map(([name, value]) =>
    Buffer.concat([text(name), ...attributeValue(value)]),
  );
  return list(ATTRIBUTES, entries);
}

/** Numbers are doubles. */
function attributeValue(value: AttributeValue): Buffer[] {
  if (typeof value === 'string') return [int(TYPES.char.code), text(value)];
  const numbers = typeof value === 'number' ? [value] : value;
  const bytes = Buffer.alloc(TYPES.double.bytes * numbers.length);
  for (const [at, number] of numbers.entries()) bytes.writeDoubleBE(number, 8 * at);
  return [int(TYPES.double.code), int(numbers.length), bytes];
}

/** An empty list has no tag. */
function list(tag: number, entries: readonly Buffer[]): Buffer[] {
  return [int(entries.length === 0 ? 0 : tag), int(entries.length), ...entries];
}

function isRecord({ dimensions: [first = ''] }: Variable, data: Dataset): boolean {
  return lengthOf(first, data) === null;
}

/** null for the record dimension; 1 where there is no dimension of that name. */
function lengthOf(name: string, { dimensions }: Pick<Dataset, 'dimensions'>): number | null {
  return dimensions.find((one) => one.name === name)?.length ?? (name === '' ? 1 : null);
}

/** UTF-8 behind its number of bytes, padded. */
function text(content: string): Buffer {
  const bytes = Buffer.from(content);
  const room = Buffer.alloc(padded(bytes.length));
  bytes.copy(room);
  return Buffer.concat([int(bytes.length), room]);
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const padded = (bytes: number) => Math.ceil(bytes / 4) * 4;
