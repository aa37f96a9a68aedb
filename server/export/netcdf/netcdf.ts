import { Readable } from 'node:stream';
import { lightOf } from '../../../shared/archive/described.ts';
import { parseIsoMicros } from '../../../shared/clock.ts';
import { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { ApiError } from '../../../shared/errors.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import { chunkRows, type OnDamage } from '../chunk-rows.ts';
import type { ExportSession } from '../export-session.ts';
import { isMarker } from '../row-text.ts';
import { globalAttributes } from './attributes.ts';
import { type Dataset, head, recordSize } from './classic.ts';
import { type Column, columnsOf, FILL, type Observation } from './columns.ts';
import { Extents } from './extents.ts';
import { Places } from './places.ts';

/** A file and its length in bytes. */
export interface NetcdfFile {
  body: Readable;
  length: number;
  /** Readings in it. */
  rows: number;
}

const ID = 'trajectory';

/** The readings of a session as a CF trajectory. Reads them twice: the head says how many there are. */
export async function sessionNetcdf(
  session: ExportSession,
  onDamage: OnDamage,
): Promise<NetcdfFile> {
  const clock = new SessionClock(session.startTime, session.byWallClock);
  const places = await Places.of(session.folder, clock);
  const observed = (onLine: OnDamage) => observations(session, { clock, places }, onLine);
  const extents = new Extents();
  const onLine: OnDamage = (damage) => {
    extents.damagedLines += 1;
    onDamage(damage);
  };
  for await (const block of observed(onLine)) for (const one of block) extents.add(one);
  if (extents.readings === 0) {
    throw new ApiError('nothing_recorded', 'This session has no reading, so there is no NetCDF.');
  }
  const columns = columnsOf({
    ...{ position: places.hasPosition, depth: places.hasDepth, elapsed: !session.byWallClock },
    compared: new CorrectedClock(session).reference.isKnown,
    light: lightOf(session.detail),
  });
  const data = datasetOf(session, columns, extents);
  const id = idBytes(session);
  const begin = Buffer.concat([head(data), id]);
  const length = begin.length + extents.readings * recordSize(data);
  const bytes = fileBytes(
    begin,
    columns,
    observed(() => undefined),
    extents.readings,
  );
  return { body: Readable.from(bytes, { objectMode: false }), length, rows: extents.readings };
}

function datasetOf(session: ExportSession, columns: readonly Column[], extents: Extents): Dataset {
  const isTrajectory = extents.latitude !== null;
  const identity = { cf_role: 'trajectory_id', long_name: 'id of the session' };
  return {
    records: extents.readings,
    dimensions: [
      { name: 'obs', length: null },
      { name: 'id_length', length: idBytes(session).length },
    ],
    attributes: globalAttributes(session, extents, isTrajectory),
    variables: [
      { name: ID, type: 'char', dimensions: ['id_length'], attributes: identity },
      ...columns.map(({ variable }) => variable),
    ],
  };
}

/** Of 36 letters, so that it needs no padding. */
const idBytes = ({ detail }: ExportSession) => Buffer.from(detail.summary.session_id);

async function* observations(
  session: ExportSession,
  { clock, places }: { clock: SessionClock; places: Places },
  onDamage: OnDamage,
): AsyncGenerator<Observation[]> {
  const corrected = new CorrectedClock(session);
  for await (const rows of chunkRows(session.paths, onDamage)) {
    yield rows
      .filter((row) => !isMarker(row))
      .map((row) => {
        const elapsed = clock.ofRow(row);
        const recordedMicros = parseIsoMicros(row.timestamp);
        const time = corrected.at(recordedMicros, elapsed);
        return { row, elapsed, recordedMicros, ...time, ...places.at(elapsed) };
      });
  }
}

/** Ends with an error where the files are not as they were when they were counted. */
async function* fileBytes(
  begin: Buffer,
  columns: readonly Column[],
  blocks: AsyncIterable<Observation[]>,
  readings: number,
): AsyncGenerator<Buffer> {
  yield begin;
  let written = 0;
  for await (const block of blocks) {
    written += block.length;
    if (written > readings) break;
    if (block.length > 0) yield recordBytes(columns, block);
  }
  if (written !== readings) throw new Error('The chunks have changed while they were read.');
}

function recordBytes(columns: readonly Column[], block: readonly Observation[]): Buffer {
  const bytes = Buffer.allocUnsafe(block.length * columns.length * 8);
  let at = 0;
  for (const observation of block) {
    for (const { value } of columns) {
      const number = value(observation);
      at = bytes.writeDoubleBE(Number.isNaN(number) ? FILL : number, at);
    }
  }
  return bytes;
}
