import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Preview } from '../shared/api/sessions.ts';
import { ApiError } from '../shared/errors.ts';
import { sessionCsv } from './export/csv.ts';
import { sessionJsonl } from './export/jsonl.ts';
import { sessionParquet } from './export/parquet.ts';
import { Previews } from './export/preview.ts';
import type { OnWarning } from './export/session-bins.ts';
import { sessionZip, type ZipEntry } from './export/zip.ts';
import { parquetMetadata } from './parquet-metadata.ts';
import type { Catalogue } from './recording/catalogue.ts';

export type SessionFormat = 'jsonl' | 'csv' | 'parquet' | 'zip';

type Details = Awaited<ReturnType<Catalogue['session']>>;

/** Beside the chunks, in the archive as on disk. MANIFEST.sha256 says what the manifest would. */
const RECORDS = ['metadata.json', 'events.jsonl'];

/** A session's finalized chunks as one download, or as a picture. */
export class SessionExports {
  #catalogue: Catalogue;
  #root: string;
  #previews: Previews;

  constructor(catalogue: Catalogue, root: string, onWarning: OnWarning) {
    this.#catalogue = catalogue;
    this.#root = root;
    this.#previews = new Previews(onWarning);
  }

  /** Rejects with session_not_found, and with nothing_recorded where no chunk is finalized yet. */
  async stream(
    sessionId: string,
    format: SessionFormat,
  ): Promise<{ body: Readable; fileName: string }> {
    const session = await this.#catalogue.session(sessionId);
    if (session.chunks.length === 0 && format !== 'zip') {
      const detail = 'No chunk of this session is finalized yet: try again after the interval.';
      throw new ApiError('nothing_recorded', detail);
    }
    const name = fileName(session);
    return { body: await this.#body(session, format, name), fileName: `${name}.${format}` };
  }

  async preview(sessionId: string, points: number): Promise<Preview> {
    const { chunks, summary } = await this.#catalogue.session(sessionId);
    const folder = join(this.#root, sessionId);
    const source = { sessionId, folder, startTime: summary.start_time };
    return this.#previews.preview(source, chunks, points);
  }

  forget(sessionId: string): void {
    this.#previews.forget(sessionId);
  }

  async #body(session: Details, format: SessionFormat, name: string): Promise<Readable> {
    const { chunks, metadata, summary } = session;
    const folder = join(this.#root, summary.session_id);
    const paths = chunks.map((chunk) => join(folder, chunk.filename));
    switch (format) {
      case 'jsonl':
        return sessionJsonl(paths);
      case 'csv':
        return sessionCsv(paths);
      case 'parquet':
        return sessionParquet(paths, parquetMetadata(metadata));
      case 'zip':
        return sessionZip(name, await entries(folder, session));
    }
  }
}

async function entries(folder: string, { chunks, other_files }: Details): Promise<ZipEntry[]> {
  const present = await readdir(folder);
  const records = RECORDS.filter((name) => present.includes(name)).map((name) => ({
    name,
    path: join(folder, name),
  }));
  const sealed = [...chunks, ...other_files].map(({ filename, sha256, size_bytes }) => ({
    name: filename,
    path: join(folder, filename),
    sha256,
    size: size_bytes,
  }));
  return [...sealed, ...records];
}

/** `DeepDive_2025-11-12T14-30-45`: the mission where there is one, and when it began. */
function fileName({ summary }: Details): string {
  const mission = (summary.mission ?? 'session').replaceAll(/[^\w.-]+/g, '_').slice(0, 60);
  return `${mission}_${summary.start_time.slice(0, 19).replaceAll(':', '-')}`;
}
