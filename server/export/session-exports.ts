import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ANNOTATIONS_FILE, annotationOf } from '../../shared/annotations.ts';
import type { ArchiveState } from '../../shared/api/archive.ts';
import type { Profile } from '../../shared/api/profile.ts';
import type { Report } from '../../shared/api/report.ts';
import type { Preview } from '../../shared/api/sessions.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Catalogue, Damaged, SessionOnDisk } from '../catalogue/catalogue.ts';
import { refuseLinksIn } from '../files/links.ts';
import { isSystemError } from '../files/storage-error.ts';
import { readAnnotations } from '../format/annotations.ts';
import { archiveEntries } from './archive/archive-entries.ts';

import { archiveState } from './archive/archive-state.ts';

import { type StoredZip, sessionZip, storedZip } from './archive/zip.ts';

import { namesOf, pathsOf } from './chunk-paths.ts';
import { sessionCsv } from './csv.ts';
import type { ExportSession } from './export-session.ts';
import { jsonlLength, sessionJsonl } from './jsonl.ts';
import { sessionNetcdf } from './netcdf/netcdf.ts';
import { parquetMetadata } from './parquet/parquet-metadata.ts';
import { type ParquetTask, parquetInThread } from './parquet/parquet-thread.ts';
import { Previews } from './plots/preview.ts';
import { Profiles } from './plots/profile.ts';
import type { OnWarning } from './plots/session-bins.ts';
import { reportHtml } from './report/html.ts';
import { makeReport } from './report/report.ts';
import { type JoinSource, rowJoin } from './row-join.ts';
import { seabassFiles } from './seabass/seabass.ts';
import { isTrackFormat, sessionTrack, type TrackFormat } from './track/track.ts';

/** What can be had; `stored`: a ZIP without compression. */
export interface Wish {
  format: SessionFormat;
  isStored?: boolean;
}

/** A download, and what tells its client that it came whole. */
export interface Download extends Damaged {
  body: Readable;
  fileName: string;
  /** Bytes; null where it is not known beforehand. */
  length: number | null;
  /** Rows of the session in it; null where it is not made of rows. */
  rows: number | null;
}

export type SessionFormat =
  | 'jsonl'
  | 'csv'
  | 'parquet'
  | 'zip'
  | 'netcdf'
  | 'seabass'
  | TrackFormat;

/** Where it is not the name of the format. */
const ENDINGS: Partial<Record<SessionFormat, string>> = {
  netcdf: 'nc',
  seabass: 'seabass.zip',
};

/** Each takes 60 MB of a vehicle's memory for a day at 15 Hz, 130 at 500, for as long as its client takes. */
const MOST_THREADS = 2;
const REPORT_POINTS = 600;

/** What was made of a session, and how many lines of it are not in it, since they are no rows. */
interface Made<T> {
  made: T;
  damagedLines: number;
}

/** An answer about a session, and what is known to be wrong with that. */
interface OfSession<T> extends Damaged {
  made: T;
}

/** A session's finalized chunks as one download, as a picture, or as a light profile. */
export class SessionExports {
  #catalogue: Catalogue;
  #root: string;
  #onWarning: OnWarning;
  readonly #software: string;
  #previews: Previews;
  #profiles: Profiles;
  /** Parquet files that are being made. */
  #encoding = 0;

  /** `software`: version of this program. */
  constructor(catalogue: Catalogue, root: string, software: string, onWarning: OnWarning) {
    this.#software = software;
    this.#catalogue = catalogue;
    this.#root = root;
    this.#onWarning = onWarning;
    this.#previews = new Previews(onWarning);
    this.#profiles = new Profiles(onWarning);
  }

  /**
   * What is whole of it. Rejects with session_not_found, with nothing_recorded where no chunk is
   * finalized yet, or none is left, and with busy where too many Parquet files are being made.
   */
  async stream(sessionId: string, { format, isStored = false }: Wish): Promise<Download> {
    const session = await this.#linked(await this.#catalogue.compared(sessionId));
    if (session.chunks.length === 0 && format !== 'zip') throw nothingToGive(session);
    const name = fileName(session);
    const made = await this.#unlessGone(sessionId, () =>
      this.#made(session, { format, isStored }, name),
    );
    const { damage } = session;
    return { ...made, fileName: `${name}.${ENDINGS[format] ?? format}`, damage };
  }

  async #made(
    session: SessionOnDisk,
    { format, isStored = false }: Wish,
    name: string,
  ): Promise<Pick<Download, 'body' | 'length' | 'rows'>> {
    const rows = isTrackFormat(format) ? null : session.chunks.rows;
    if (format === 'zip' && isStored) return { ...(await this.#stored(session, name)), rows };
    if (format === 'netcdf') {
      const onDamage = (damage: unknown) => this.#onWarning('A line was left out', damage);
      return sessionNetcdf(await this.#exportSession(session), onDamage);
    }
    if (format === 'seabass') {
      const { made } = await this.profile(session.summary.session_id, 0);
      const files = await seabassFiles(await this.#exportSession(session), made);
      return { ...(await storedZip(`${name}_seabass`, [files])), rows: null };
    }
    const body = await this.#body(session, format, name);
    return { body, length: lengthOf(session, format), rows };
  }

  preview(sessionId: string, points: number): Promise<OfSession<Preview>> {
    return this.#whole(sessionId, async ({ chunks, summary }) => {
      const folder = join(this.#root, sessionId);
      const source = { sessionId, folder, startTime: summary.start_time };
      const preview = await this.#previews.preview(source, chunks, points);
      return { made: preview, damagedLines: preview.damaged_lines };
    });
  }

  profile(sessionId: string, darkOffset: number): Promise<OfSession<Profile>> {
    return this.#whole(sessionId, async (session) => {
      const { chunks, summary } = session;
      const isFinished = summary.state !== 'recording';
      const source = { ...this.#joinSource(session), sessionId, chunks, isFinished };
      const profile = await this.#profiles.profile(source, darkOffset);
      return { made: profile, damagedLines: profile.left_out.damaged_lines };
    });
  }

  archive(sessionId: string): Promise<OfSession<ArchiveState>> {
    return this.#unlessGone(sessionId, async () => {
      const session = await this.#linked(await this.#catalogue.session(sessionId));
      const made = await archiveState(await this.#exportSession(session));
      return { made, damage: session.damage };
    });
  }

  /** The dive on two pages, as numbers. */
  report(sessionId: string): Promise<OfSession<Report>> {
    return this.#unlessGone(sessionId, async () => {
      const { made: preview } = await this.preview(sessionId, REPORT_POINTS);
      const { made: profile } = await this.profile(sessionId, 0);
      const session = await this.#linked(await this.#catalogue.session(sessionId));
      const parts = { preview, profile, session, software: this.#software };
      const made = await makeReport(await this.#exportSession(session), parts);
      return { made, damage: session.damage };
    });
  }

  /** The same as one HTML file. */
  async reportPage(sessionId: string): Promise<OfSession<string>> {
    const { made, damage } = await this.report(sessionId);
    return { made: reportHtml(made), damage };
  }

  /** Made anew of what is whole, where the files turn out to be damaged. */
  #whole<T>(
    sessionId: string,
    make: (session: SessionOnDisk) => Promise<Made<T>>,
  ): Promise<OfSession<T>> {
    return this.#unlessGone(sessionId, async () => {
      const session = await this.#linked(await this.#catalogue.session(sessionId));
      const first = await make(session).catch(onlyOfTheDisk);
      if (first?.damagedLines === 0) return { made: first.made, damage: session.damage };
      const left = await this.#linked(await this.#catalogue.compared(sessionId));
      return { made: (await make(left)).made, damage: left.damage };
    });
  }

  /** Somebody may delete the session meanwhile: that is no fault of the disk. */
  async #unlessGone<T>(sessionId: string, make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (error) {
      throw await this.#catalogue.goneOr(sessionId, error);
    }
  }

  /** Rejects with forbidden_path where a file of it is a link. */
  async #linked(session: SessionOnDisk): Promise<SessionOnDisk> {
    const { chunks, other_files, summary } = session;
    const others: string[] = [ANNOTATIONS_FILE, ...other_files.map(({ filename }) => filename)];
    const isPart = (name: string) => others.includes(name) || chunks.find(name) !== null;
    await refuseLinksIn(join(this.#root, summary.session_id), isPart);
    return session;
  }

  #encoded(task: ParquetTask, onDamage: (detail: string) => void): Readable {
    if (this.#encoding >= MOST_THREADS) throw busy();
    const file = parquetInThread(task, onDamage);
    this.#encoding += 1;
    return file.once('close', () => {
      this.#encoding -= 1;
    });
  }

  forget(sessionId: string): void {
    this.#previews.forget(sessionId);
  }

  #joinSource({ summary, metadata, events }: SessionOnDisk): JoinSource {
    const folder = join(this.#root, summary.session_id);
    const byWallClock = metadata['format'] === 'csv';
    return { folder, startTime: summary.start_time, byWallClock, events };
  }

  async #exportSession(detail: SessionOnDisk): Promise<ExportSession> {
    const source = this.#joinSource(detail);
    const paths = pathsOf(source.folder, detail.chunks);
    const { history } = await readAnnotations(source.folder);
    const deployment = annotationOf(history, 'deployment')?.value ?? null;
    return { ...source, detail, paths, deployment };
  }

  async #stored(session: SessionOnDisk, name: string): Promise<StoredZip> {
    const folder = join(this.#root, session.summary.session_id);
    return storedZip(name, await archiveEntries(folder, session), damageOf(session));
  }

  async #body(
    session: SessionOnDisk,
    format: Exclude<SessionFormat, 'netcdf' | 'seabass'>,
    name: string,
  ): Promise<Readable> {
    const { chunks, metadata, summary } = session;
    const folder = join(this.#root, summary.session_id);
    const paths = pathsOf(folder, chunks);
    if (isTrackFormat(format)) return sessionTrack(await this.#exportSession(session), format);
    const onDamage = (damage: unknown) => this.#onWarning('A line was left out', damage);
    switch (format) {
      case 'jsonl':
        return sessionJsonl(paths, onDamage);
      case 'csv':
        return sessionCsv(paths, await rowJoin(this.#joinSource(session)), onDamage);
      case 'parquet': {
        const names = await namesOf(chunks);
        const join = this.#joinSource(session);
        return this.#encoded({ names, metadata: parquetMetadata(metadata), join }, onDamage);
      }
      case 'zip':
        return sessionZip(name, await archiveEntries(folder, session), damageOf(session));
    }
  }
}

const lengthOf = ({ chunks }: SessionOnDisk, format: SessionFormat) =>
  format === 'jsonl' ? jsonlLength(chunks) : null;

/** The system's error: the files may tell more of it. */
function onlyOfTheDisk(error: unknown): null {
  if (isSystemError(error)) return null;
  throw error;
}

function nothingToGive({ summary: { damage } }: SessionOnDisk): ApiError {
  const what = damage?.map(({ detail }) => detail).join(' ');
  const detail = what
    ? `No whole chunk is left of this session. ${what}`
    : 'No chunk of this session is finalized yet: try again after the interval.';
  return new ApiError('nothing_recorded', detail);
}

const damageOf = ({ summary: { damage = [] } }: SessionOnDisk) =>
  damage.map(({ file, detail }) =>
    file === null || detail.includes(file) ? detail : `${file}: ${detail}`,
  );

function busy(): ApiError {
  const detail = `${MOST_THREADS} Parquet files are being made already: try again when one is done, or take CSV.`;
  return new ApiError('busy', detail);
}

/** `DeepDive_2025-11-12T14-30-45`: the mission where there is one, and when it began. */
function fileName({ summary }: SessionOnDisk): string {
  const mission = (summary.mission ?? 'session').replaceAll(/[^\w.-]+/g, '_').slice(0, 60);
  return `${mission}_${summary.start_time.slice(0, 19).replaceAll(':', '-')}`;
}
