import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import { ApiError } from '../../shared/errors.ts';
import { type SessionSummary, sessionId as sessionIdSchema } from '../../shared/session.ts';
import { VEHICLE_FILE } from '../../shared/vehicle.ts';
import { inTurns } from './at-once.ts';
import { ChunkList, type Snapshot } from './chunk-list.ts';
import { chunkIndex } from './chunk-name.ts';
import { deleteFolder } from './deletion.ts';
import { readEvents } from './events.ts';
import { refuseLinks } from './links.ts';
import { readManifest } from './manifest.ts';
import { readMetadata, type SessionMetadata } from './metadata.ts';
import type { Recorder } from './recorder.ts';
import { sessionIds } from './recovery.ts';
import type { FormatName } from './row-format.ts';
import { isMissing, storageError } from './storage-error.ts';
import { summaryOf } from './summary.ts';
import { readOtherFiles } from './vehicle-manifest.ts';

/** Sessions whose chunk lists stay in memory; at 1 440 chunks each is about 1 MB. */
const LISTS_KEPT = 8;

export interface SealedFile {
  /** Absolute; a plain file. */
  path: string;
  /** Of what is sealed of it. */
  sha256: string;
  /** Bytes that are sealed. */
  size: number;
  /** More may be sealed of it later. */
  grows: boolean;
}

/** What is on the disk, for whoever asks. The session that is recorded is answered from memory. */
export class Catalogue {
  readonly #root: string;
  readonly #recorder: Pick<Recorder, 'active'>;
  /** Closed sessions, the one asked for last at the end. */
  readonly #lists = new Map<string, ChunkList>();
  readonly #summaries = new Map<string, SessionSummary>();
  readonly #formats = new Map<string, FormatName>();

  constructor(root: string, recorder: Pick<Recorder, 'active'>) {
    this.#root = root;
    this.#recorder = recorder;
  }

  /** How the session's chunks are written; it costs no more than a look at its metadata. */
  async format(sessionId: string): Promise<FormatName> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return active.metadata.data.format;
    const kept = this.#formats.get(sessionId);
    if (kept) return kept;
    const metadata = await this.#metadata(sessionId);
    if (metadata === null) throw noSession(sessionId);
    this.#formats.set(sessionId, metadata.format);
    return metadata.format;
  }

  /** Finalized chunks as the JSON text of /record/snapshots, ready to send. */
  async snapshots(sessionId: string, afterIndex?: number): Promise<Snapshot> {
    return (await this.#list(sessionId)).snapshot(afterIndex);
  }

  /** A finalized chunk, or what is sealed of another file. Whatever could lead out of the folder: forbidden_path. */
  async sealedFile(sessionId: string, filename: string): Promise<SealedFile> {
    for (const name of [sessionId, filename]) refuseWayOut(name);
    const grows = filename === VEHICLE_FILE;
    const isName = grows || chunkIndex(filename) !== null;
    const known = isName && isId(sessionId);
    if (!known) throw noFile();
    const folder = join(this.#root, sessionId);
    const path = join(folder, filename);
    if (!(await refuseLinks([folder, path]))) throw noFile();
    const list = await this.#list(sessionId).catch(noSuchFile);
    const file = list.find(filename);
    if (!file) throw noFile();
    return { path, sha256: file.sha256, size: file.size_bytes, grows };
  }

  /** Newest first. */
  async sessions({ offset, limit }: { offset: number; limit: number }) {
    const summary = (id: string) => this.#summary(id).catch(toldAtTheStart);
    const all = await inTurns(await sessionIds(this.#root), summary);
    const known = all.filter((summary) => summary !== null);
    known.sort((a, b) => b.start_time.localeCompare(a.start_time));
    return {
      sessions: known.slice(offset, offset + limit),
      total: known.length,
      total_size_bytes: known.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    };
  }

  async session(sessionId: string): Promise<SessionDetail> {
    const folder = join(this.#root, sessionId);
    const { active } = this.#recorder;
    const running = active?.id === sessionId ? active : null;
    const metadata = running
      ? { ...running.metadata.data, ...running.totals() }
      : await this.#metadata(sessionId);
    if (metadata === null) throw noSession(sessionId);
    const { chunks, otherFiles } = await this.#list(sessionId);
    return {
      summary: summaryOf(metadata),
      metadata,
      chunks: [...chunks],
      other_files: [...otherFiles],
      events: await readEvents(folder).catch(unreadable),
    };
  }

  /** Deletes a session for good; not one that is recorded, or whose last chunk is being sealed. */
  async remove(sessionId: string): Promise<void> {
    const metadata = await this.#metadata(sessionId);
    if (this.#recorder.active?.id === sessionId || metadata?.state === 'recording') {
      throw new ApiError('session_active', 'This session is being recorded: stop it first.');
    }
    await deleteFolder(this.#root, sessionId).catch((error: unknown) => {
      throw isMissing(error) ? noSession(sessionId) : error;
    });
    this.#lists.delete(sessionId);
    this.#summaries.delete(sessionId);
    this.#formats.delete(sessionId);
  }

  /**
   * null where there is no such session: what is no id may lead anywhere, as may a link, and a
   * copy under another name says that it is another session.
   */
  async #metadata(sessionId: string): Promise<SessionMetadata | null> {
    if (!isId(sessionId)) return null;
    const folder = join(this.#root, sessionId);
    try {
      const metadata = (await lstat(folder)).isDirectory() ? await readMetadata(folder) : null;
      return metadata?.session_id === sessionId ? metadata : null;
    } catch (error) {
      return isMissing(error) ? null : unreadable(error);
    }
  }

  async #list(sessionId: string): Promise<ChunkList> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return active.chunks;
    const kept = this.#lists.get(sessionId);
    if (!kept) return this.#readList(sessionId);
    this.#lists.delete(sessionId);
    this.#lists.set(sessionId, kept);
    return kept;
  }

  async #readList(sessionId: string): Promise<ChunkList> {
    const folder = join(this.#root, sessionId);
    const metadata = await this.#metadata(sessionId);
    if (metadata === null) throw noSession(sessionId);
    const { chunks } = await readManifest(folder).catch(unreadable);
    const otherFiles = await readOtherFiles(folder).catch(unreadable);
    const list = new ChunkList(sessionId, chunks, otherFiles);
    if (isClosed(metadata)) this.#keepList(sessionId, list);
    return list;
  }

  #keepList(sessionId: string, list: ChunkList): void {
    this.#lists.set(sessionId, list);
    const [oldest] = this.#lists.keys();
    if (oldest !== undefined && this.#lists.size > LISTS_KEPT) this.#lists.delete(oldest);
  }

  async #summary(sessionId: string): Promise<SessionSummary | null> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return active.summary();
    const kept = this.#summaries.get(sessionId);
    if (kept) return kept;
    const metadata = await this.#metadata(sessionId);
    if (metadata === null) return null;
    const summary = summaryOf(metadata);
    if (isClosed(metadata)) this.#summaries.set(sessionId, summary);
    return summary;
  }
}

const isId = (text: string): boolean => sessionIdSchema.safeParse(text).success;

/** Only then nothing of it changes any more: a chunk may still be sealed, or be mended. */
function isClosed({ state, needs_recovery }: SessionMetadata): boolean {
  return state !== 'recording' && !needs_recovery;
}

/** A session that can't be read hides no other; recovery has told of it. */
function toldAtTheStart(error: unknown): null {
  if (error instanceof ApiError) return null;
  throw error;
}

/** One file that the disk does not give back is for the client to know, and ends nothing. */
function unreadable(error: unknown): never {
  throw storageError(error);
}

function refuseWayOut(name: string): void {
  if (!/^\.*$|[/\\\0]|\.\./.test(name)) return;
  throw new ApiError('forbidden_path', 'This path leads out of the session.');
}

function noSuchFile(error: unknown): never {
  throw error instanceof ApiError ? noFile() : error;
}

function noFile(): ApiError {
  return new ApiError(
    'file_not_found',
    'There is no finalized chunk of this name in this session.',
  );
}

function noSession(sessionId: string): ApiError {
  return new ApiError('session_not_found', `There is no session ${sessionId}. See /sessions.`);
}
