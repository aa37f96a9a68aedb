import { join } from 'node:path';
import type { SessionDetail } from '../../shared/api/sessions.ts';
import { isoMicros } from '../../shared/clock.ts';
import type { Damage } from '../../shared/damage.ts';
import { ApiError } from '../../shared/errors.ts';
import {
  newestFirst,
  type SessionEvent,
  type SessionSummary,
  sessionId as sessionIdSchema,
} from '../../shared/session.ts';
import { unreadableSession } from '../../shared/unreadable-session.ts';
import { VEHICLE_FILE } from '../../shared/vehicle.ts';
import { deleteFolder } from '../files/deletion.ts';
import { lookAt, refuseLinks } from '../files/links.ts';
import { mapConcurrent } from '../files/map-concurrent.ts';
import { isMissing, storageError } from '../files/storage-error.ts';
import type { ChunkList, Snapshot } from '../format/chunk-list.ts';
import { chunkIndex } from '../format/chunk-name.ts';
import type { Chunks } from '../format/chunks.ts';
import { readEvents } from '../format/events.ts';
import type { Judged } from '../format/found.ts';
import { isClosed, readMetadata, type SessionMetadata } from '../format/metadata.ts';
import type { FormatName } from '../format/row-format.ts';
import { sessionIds } from '../format/session-ids.ts';
import { summaryOf } from '../format/summary.ts';
import { Comparer, difference, type Sealed } from './compare.ts';
import type { InHand, LiveSession, SessionJudge } from './in-hand.ts';

/** A client waits so long for a download at most before it begins; later chunks are compared by the next one. */
const COMPARE_MS = 10_000;
/** What was mended is compared again: the disk may fail further. */
const MOST_ROUNDS = 3;

/** What is known to be wrong with the session that is answered about. */
export interface Damaged {
  damage: readonly Damage[];
}

/** A session with all that is said of it; its chunks are many. */
export interface SessionOnDisk extends Omit<SessionDetail, 'chunks'>, Damaged {
  chunks: Chunks;
}

export interface SealedFile extends Damaged {
  /** Absolute; a plain file. */
  path: string;
  /** Of what is sealed of it. */
  sha256: string;
  /** Bytes that are sealed. */
  size: number;
  /** More may be sealed of it later. */
  grows: boolean;
}

export interface CatalogueParts {
  /** Folder of all sessions. */
  root: string;
  recorder: InHand;
  judge: SessionJudge;
}

/** What is on the disk, for whoever asks. The session that is recorded is answered from memory. */
export class Catalogue {
  readonly #root: string;
  readonly #recorder: InHand;
  readonly #judge: SessionJudge;
  readonly #summaries = new Map<string, SessionSummary>();
  readonly #formats = new Map<string, FormatName>();
  readonly #comparer = new Comparer();

  constructor({ root, recorder, judge }: CatalogueParts) {
    this.#root = root;
    this.#recorder = recorder;
    this.#judge = judge;
  }

  /** Looks at every session, one after the other, and mends what has ended; to be called after recovery. */
  async lookAtAll(): Promise<void> {
    this.#judge.mendFromNow();
    this.#summaries.clear();
    const ids = await sessionIds(this.#root).catch(unreadable).catch(toldByTheList);
    for (const id of ids ?? []) {
      if (this.#recorder.active?.id !== id) await this.#judged(id).catch(toldByTheList);
    }
  }

  /** How the session's chunks are written. */
  async format(sessionId: string): Promise<FormatName> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return active.metadata.data.format;
    const kept = this.#formats.get(sessionId) ?? (await this.#known(sessionId)).metadata.format;
    this.#formats.set(sessionId, kept);
    return kept;
  }

  /** Rejects with session_not_found. */
  async check(sessionId: string): Promise<void> {
    await this.#list(sessionId);
  }

  /** Finalized chunks as the JSON text of /record/snapshots, ready to send. */
  async snapshots(sessionId: string, afterIndex?: number): Promise<Snapshot & Damaged> {
    const list = await this.#list(sessionId);
    return { ...list.snapshot(afterIndex), damage: list.damage };
  }

  /** What is known to be wrong with the session; nothing of one that is not there. */
  async damage(sessionId: string): Promise<readonly Damage[]> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return active.chunks.damage;
    return (await this.#judged(sessionId))?.damage ?? [];
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
    await refuseLinks([folder, path]);
    const list = await this.#list(sessionId).catch(noSuchFile);
    const listed = list.find(filename);
    if (!listed) throw noFile(list.damage, filename);
    const isSound = await isOfSize(path, listed, grows);
    const left = isSound ? list : await this.#compareOne(sessionId, listed);
    const file = left.find(filename);
    if (!file) throw noFile(left.damage, filename);
    return { path, sha256: file.sha256, size: file.size_bytes, grows, damage: left.damage };
  }

  /** Newest first. */
  async sessions({ offset, limit }: { offset: number; limit: number }) {
    const ids = await sessionIds(this.#root);
    const isKept = (id: string) => this.#summaries.has(id) && this.#recorder.active?.id !== id;
    // Without a turn of its own for each of thousands.
    const kept = ids.filter(isKept).flatMap((id) => this.#summaries.get(id) ?? []);
    const look = (id: string) => this.#summary(id).catch((error) => unreadableSummary(id, error));
    const looked = await mapConcurrent(
      ids.filter((id) => !isKept(id)),
      look,
    );
    const known = [...kept, ...looked.filter((summary) => summary !== null)];
    known.sort(newestFirst);
    return {
      sessions: known.slice(offset, offset + limit),
      total: known.length,
      total_size_bytes: known.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    };
  }

  async session(sessionId: string): Promise<SessionOnDisk> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return this.#running(active);
    const { metadata, list, events } = await this.#known(sessionId);
    return detailOf(metadata, list, events);
  }

  /** The same, after the bytes of its chunks have been compared: what differs is mended, or left out. */
  async compared(sessionId: string): Promise<SessionOnDisk> {
    await this.#compare(sessionId);
    return this.session(sessionId);
  }

  /** What a file that is missing means: the session may have been deleted meanwhile. */
  async goneOr(sessionId: string, error: unknown): Promise<unknown> {
    if (!isMissing(error) || (await this.#judge.judged(sessionId).catch(unreadable))) return error;
    return new ApiError('session_not_found', `The session ${sessionId} was deleted meanwhile.`);
  }

  /** Deletes a session for good; not one that is recorded, or whose last chunk is being sealed. */
  async remove(sessionId: string): Promise<void> {
    const metadata = await this.#metadata(sessionId).catch(unreadable);
    if (this.#recorder.holds(sessionId) || metadata?.state === 'recording') {
      throw new ApiError('session_active', 'This session is being recorded: stop it first.');
    }
    await this.#judge.forget(sessionId);
    await deleteFolder(this.#root, sessionId).catch((error: unknown) => {
      throw isMissing(error) ? noSession(sessionId) : error;
    });
    this.#summaries.delete(sessionId);
    this.#formats.delete(sessionId);
  }

  async #running(active: LiveSession): Promise<SessionOnDisk> {
    const metadata = { ...active.metadata.data, ...active.totals() };
    const events = await readEvents(join(this.#root, active.id)).catch(unreadable);
    return detailOf(metadata, active.chunks, events);
  }

  async #list(sessionId: string): Promise<ChunkList> {
    const { active } = this.#recorder;
    return active?.id === sessionId ? active.chunks : (await this.#known(sessionId)).list;
  }

  async #known(sessionId: string): Promise<Judged> {
    const judged = await this.#judged(sessionId);
    if (judged === null) throw noSession(sessionId);
    return judged;
  }

  async #judged(sessionId: string): Promise<Judged | null> {
    const judged = await this.#judge.judged(sessionId).catch(unreadable);
    return this.#remembered(sessionId, judged);
  }

  /** As it stands on the disk, which costs one read; null where only a look can tell. */
  async #metadata(sessionId: string): Promise<SessionMetadata | null> {
    const metadata = await readMetadata(join(this.#root, sessionId));
    return metadata?.session_id === sessionId ? metadata : null;
  }

  /** What has been found of a session is told by the list, too. */
  #remembered(sessionId: string, judged: Judged | null): Judged | null {
    if (judged && isClosed(judged.metadata)) {
      this.#summaries.set(sessionId, summaryOf(judged.metadata));
    } else this.#summaries.delete(sessionId);
    return judged;
  }

  /** Reads what was not read before. */
  async #compare(sessionId: string): Promise<void> {
    const until = performance.now() + COMPARE_MS;
    const folder = join(this.#root, sessionId);
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const list = await this.#list(sessionId);
      const damage = await this.#comparer.differences(folder, list, until).catch(unreadable);
      if (damage.length === 0) return;
      await this.#doubt(sessionId, damage);
    }
  }

  /** Reads one file; gives what is left of the session. */
  async #compareOne(sessionId: string, file: Sealed): Promise<ChunkList> {
    const damage = await difference(join(this.#root, sessionId), file).catch(unreadable);
    if (damage !== null) await this.#doubt(sessionId, [damage]);
    return this.#list(sessionId);
  }

  async #doubt(sessionId: string, damage: readonly Damage[]): Promise<void> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) for (const one of damage) active.chunks.withdraw(one);
    else
      this.#remembered(sessionId, await this.#judge.doubted(sessionId, damage).catch(unreadable));
  }

  async #summary(sessionId: string): Promise<SessionSummary | null> {
    const { active } = this.#recorder;
    if (active?.id === sessionId) return active.summary();
    const kept = this.#summaries.get(sessionId);
    if (kept) return kept;
    const metadata = await this.#metadata(sessionId);
    if (metadata === null || !isClosed(metadata)) {
      const judged = await this.#judged(sessionId);
      return judged && summaryOf(judged.metadata);
    }
    this.#summaries.set(sessionId, summaryOf(metadata));
    return summaryOf(metadata);
  }
}

const isId = (text: string): boolean => sessionIdSchema.safeParse(text).success;

function detailOf(
  metadata: SessionMetadata,
  list: ChunkList,
  events: readonly SessionEvent[],
): SessionOnDisk {
  const { chunks, otherFiles, damage } = list;
  const told = damage.length === 0 ? metadata : { ...metadata, damage: [...damage] };
  return {
    summary: summaryOf(told),
    metadata: told,
    chunks: chunks.copy(),
    other_files: [...otherFiles],
    events: [...events],
    damage,
  };
}

async function isOfSize(path: string, { size_bytes }: Sealed, grows: boolean): Promise<boolean> {
  const found = await lookAt(path).catch(unreadable);
  if (found === null) return false;
  return grows ? found.size >= size_bytes : found.size === size_bytes;
}

/** A session that can't be read hides no other, and is not hidden itself. */
function unreadableSummary(session_id: string, error: unknown): SessionSummary {
  const told = storageError(error);
  if (!(told instanceof ApiError)) throw error;
  const detail = `The session can not be read. ${told.message}`;
  return unreadableSession(session_id, isoMicros(0), detail);
}

function toldByTheList(error: unknown): null {
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
  throw error instanceof ApiError && error.code === 'session_not_found' ? noFile() : error;
}

function noFile(damage: readonly Damage[] = [], filename = ''): ApiError {
  const known = damage.find(({ file }) => file === filename)?.detail;
  const nothing = 'There is no finalized chunk of this name in this session.';
  return new ApiError('file_not_found', known ?? nothing);
}

function noSession(sessionId: string): ApiError {
  return new ApiError('session_not_found', `There is no session ${sessionId}. See /sessions.`);
}
