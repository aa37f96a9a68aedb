import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mapConcurrent } from '../../server/files/map-concurrent.ts';
import {
  type Chunk,
  chunk as chunkSchema,
  MIRRORED_NAME,
  type SessionSummary,
} from '../../shared/session.ts';
import { isChunkName, joinedName, METADATA, TAIL } from '../layout.ts';
import { type LocalSession, readLocalSession } from '../local/local-session.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { setAside } from '../local/replaced.ts';
import { metadataText, writeChanged, writeSession } from '../local/session-files.ts';
import { prepareFolder } from '../local/session-folder.ts';
import type { Join } from '../options.ts';
import { type DownloadParts, download, WrongBytesError } from '../remote/download.ts';
import { failedKey, OtherFiles } from '../remote/other-files.ts';
import { type RecorderClient, RefusedError, type RemoteDetail } from '../remote/recorder-client.ts';
import type { Report } from '../report.ts';
import type { StoreCopy } from '../store/store-copy.ts';
import { joinSession } from './join.ts';
import { type Action, heldThrough, isComplete, plan, withChunks } from './plan.ts';
import { faultOf } from './session-fault.ts';
import type { Tails } from './tails.ts';

/** A pass begins no chunk after this time, or twice that of the question what there is. */
const SLICE_MS = 5000;

export interface MirrorParts extends DownloadParts {
  vehicle: RecorderClient;
  /** Folder of all sessions. */
  out: string;
  join: Join;
  parallel: number;
  report: Report;
  tails: Tails;
  /** Gets a copy of what is here. */
  store: StoreCopy | null;
}

export interface Pass {
  /** All that the vehicle has finalized is here. */
  caughtUp: boolean;
  /** What did not come and may come later, file by file, in words. */
  missing: readonly string[];
  /** The vehicle does not have what is missing, or not as its list promises. */
  isFinal: boolean;
  /** The newest chunk that is here. */
  newest: Chunk | null;
}

/** Brings sessions one after the other into line with the vehicle. The state is what the disk says. */
export class SessionMirror {
  readonly #parts: MirrorParts;
  /** Why, by session and SHA-256 of files that the vehicle does not have: not asked for again in this run. */
  readonly #failed = new Map<string, string>();
  readonly #others: OtherFiles;
  /** What was told of damage, by session. */
  readonly #told = new Map<string, string>();

  constructor(parts: MirrorParts) {
    this.#parts = parts;
    const { vehicle } = parts;
    const ofOne = (error: unknown) => faultOf(error, vehicle);
    this.#others = new OtherFiles({ ...parts, faultOf: ofOne }, this.#failed);
  }

  /** Is the session here, whole, so that the vehicle need not be asked? */
  async isComplete(summary: SessionSummary): Promise<boolean> {
    const folder = this.#folder(summary.session_id);
    const local = await readLocalSession(folder);
    const complete = isComplete(summary, local) && this.#isJoined(summary, local);
    if (!complete || local.sizes.has(TAIL) || local.sizes.has(MIRRORED_NAME)) return false;
    await this.#parts.store?.want(summary, folder, 'the whole session');
    return true;
  }

  /** Fetches what is missing of one session, for some seconds: then others get their turn. */
  async pass(summary: SessionSummary): Promise<Pass> {
    const id = summary.session_id;
    const folder = this.#folder(id);
    const local = await readLocalSession(folder);
    const begun = performance.now();
    const detail = await this.#parts.vehicle.session(id, heldThrough(local));
    this.#tell(detail.summary);
    const until = performance.now() + Math.max(SLICE_MS, 2 * (performance.now() - begun));
    await prepareFolder(this.#parts.out, id, local);
    if (local.metadata === null) await writeChanged(folder, METADATA, metadataText(detail));
    const { chunks, bad } = named(detail.chunks);
    const actions = plan(chunks, local);
    if (actions.length > 0) await this.#dropJoined(folder);
    const isLate = () => performance.now() > until;
    const { held, missing } = await this.#chunks(id, actions, isLate);
    missing.push(...(await this.#others.bring(folder, id, detail, local)));
    const known = [...this.#failed.values()];
    const isFinal = missing.every((words) => known.some((fault) => words.endsWith(fault)));
    missing.push(...bad);
    const manifest = withChunks(local.manifest, held);
    await writeSession(folder, detail, manifest);
    await this.#parts.tails.takeOver(id, unbroken(manifest), false);
    const caughtUp = held.length + missing.length >= actions.length + bad.length;
    if (caughtUp && missing.length === 0) await this.#ended(summary, folder);
    await this.#parts.store?.want(summary, folder, caughtUp ? 'all that there is so far' : 'some');
    return { caughtUp, missing, isFinal, newest: manifest.at(-1) ?? null };
  }

  /** Once in a run: the vehicle has not all that was recorded. */
  #tell({ session_id, damage = [] }: SessionSummary): void {
    const words = damage.map(({ detail }) => detail).join(' ');
    if (words === '' || this.#told.get(session_id) === words) return;
    this.#told.set(session_id, words);
    this.#parts.report.note(`${session_id} is damaged on the vehicle: ${words}`);
  }

  #folder(id: string): string {
    return join(this.#parts.out, id);
  }

  async #chunks(id: string, actions: readonly Action[], enough: () => boolean) {
    const { parallel, report } = this.#parts;
    const held: Chunk[] = [];
    const missing: string[] = [];
    report.expect(id, todo(actions));
    const work = async (action: Action) => {
      const fault = await this.#carryOut(id, action);
      if (fault === null) held.push(action.chunk);
      else missing.push(`${action.chunk.filename}: ${fault}`);
    };
    await mapConcurrent(actions, work, { parallel, isEnough: enough });
    return { held, missing };
  }

  /** What kept the chunk from coming, in words; null: it is here. */
  async #carryOut(id: string, action: Action): Promise<string | null> {
    const { chunk } = action;
    const path = join(this.#folder(id), chunk.filename);
    if (action.do === 'keep') return null;
    const known = this.#failed.get(failedKey(id, chunk));
    if (known !== undefined) return known;
    if (action.do === 'check' && (await fileSha256(path)) === chunk.sha256) return null;
    if (action.do !== 'download') await setAside(path, this.#parts.report);
    return this.#download(id, chunk);
  }

  async #download(id: string, chunk: Chunk): Promise<string | null> {
    try {
      await download(this.#parts, this.#folder(id), id, chunk);
      this.#parts.report.chunk(id, chunk);
      return null;
    } catch (error) {
      const isFinal = error instanceof WrongBytesError || error instanceof RefusedError;
      const fault = isFinal ? error.message : await faultOf(error, this.#parts.vehicle);
      if (fault === null) throw error;
      if (isFinal) this.#failed.set(failedKey(id, chunk), fault);
      this.#parts.report.chunkFailed(id, chunk, fault);
      return fault;
    }
  }

  async #ended(summary: SessionSummary, folder: string): Promise<void> {
    const local = await readLocalSession(folder);
    if (!isComplete(summary, local)) return;
    const { join: format, vehicle, report, tails } = this.#parts;
    await tails.takeOver(summary.session_id, local.manifest, true);
    if (!this.#isJoined(summary, local)) {
      const session = summary.session_id;
      const onDamage = (detail: string) => report.note(`${session}: ${detail}`);
      await joinSession(format, { vehicle, folder, session, local, onDamage });
    }
    await rm(join(folder, MIRRORED_NAME), { force: true });
    report.complete(summary);
  }

  /** A session that goes on after its end, as a mended one does, is joined anew. */
  async #dropJoined(folder: string): Promise<void> {
    const { join: format } = this.#parts;
    if (format !== 'none') await rm(join(folder, joinedName(format)), { force: true });
  }

  #isJoined(summary: SessionSummary, local: LocalSession): boolean {
    const { join: format } = this.#parts;
    return format === 'none' || summary.chunk_count === 0 || local.sizes.has(joinedName(format));
  }
}

/** File names become paths here: none may lead out of the session's folder. */
function named(listed: RemoteDetail['chunks']) {
  const isGood = (one: { filename: string }) =>
    chunkSchema.safeParse(one).success && isChunkName(one.filename);
  const bad = listed.filter((one) => !isGood(one));
  return {
    // As they came: a schema would order keys and drop unknown ones.
    chunks: listed.filter(isGood) as unknown as Chunk[],
    bad: bad.map(({ filename }) => `${JSON.stringify(filename.slice(0, 80))} is no chunk of ours`),
  };
}

function todo(actions: readonly Action[]): { chunks: number; bytes: number } {
  const missing = actions.filter((action) => action.do === 'download');
  const bytes = missing.reduce((sum, { chunk, from }) => sum + chunk.size_bytes - from, 0);
  return { chunks: missing.length, bytes };
}

/** The chunks before the first one that is missing. */
function unbroken(manifest: readonly Chunk[]): Chunk[] {
  return manifest.filter(({ index }, place) => index === place);
}
