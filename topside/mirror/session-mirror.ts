import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mapConcurrent } from '../../server/files/map-concurrent.ts';
import { type Chunk, MIRRORED_NAME, type SessionSummary } from '../../shared/session.ts';
import { joinedName, METADATA, TAIL } from '../layout.ts';
import { type LocalSession, readLocalSession } from '../local/local-session.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { setAside } from '../local/replaced.ts';
import { metadataText, writeChanged, writeSession } from '../local/session-files.ts';
import { prepareFolder } from '../local/session-folder.ts';
import type { Join } from '../options.ts';
import { type DownloadParts, download, WrongBytesError } from '../remote/download.ts';
import { OtherFiles } from '../remote/other-files.ts';
import { type RecorderClient, RefusedError } from '../remote/recorder-client.ts';
import type { Report } from '../report.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { joinSession } from './join.ts';
import { type Action, heldThrough, isComplete, plan, withChunks } from './plan.ts';
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
  store: ObjectStore | null;
}

export interface Pass {
  /** All that the vehicle has finalized is here. */
  caughtUp: boolean;
  /** Chunks that the vehicle has not, or not with the SHA-256 that its list promises. */
  wrong: number;
  /** The newest chunk that is here. */
  newest: Chunk | null;
}

/** Brings sessions one after the other into line with the vehicle. The state is what the disk says. */
export class SessionMirror {
  readonly #parts: MirrorParts;
  /** SHA-256 of chunks that the vehicle could not give: not asked for again in this run. */
  readonly #failed = new Set<string>();
  readonly #others: OtherFiles;
  /** What was told of damage, by session. */
  readonly #told = new Map<string, string>();

  constructor(parts: MirrorParts) {
    this.#parts = parts;
    this.#others = new OtherFiles(parts, this.#failed);
  }

  /** Is the session here, whole, so that the vehicle need not be asked? */
  async isComplete(summary: SessionSummary): Promise<boolean> {
    const local = await readLocalSession(this.#folder(summary.session_id));
    const complete = isComplete(summary, local) && this.#isJoined(summary, local);
    if (!complete || local.sizes.has(TAIL) || local.sizes.has(MIRRORED_NAME)) return false;
    await this.#parts.store?.putComplete(this.#folder(summary.session_id), summary, local.manifest);
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
    const actions = plan(detail.chunks, local);
    if (actions.length > 0) await this.#dropJoined(folder);
    const isLate = () => performance.now() > until;
    const { held, wrong: wrongChunks } = await this.#chunks(id, actions, isLate);
    const wrong = wrongChunks + (await this.#others.bring(folder, id, detail, local));
    const manifest = withChunks(local.manifest, held);
    await writeSession(folder, detail, manifest);
    await this.#parts.tails.takeOver(id, unbroken(manifest), false);
    const caughtUp = held.length + wrongChunks === detail.chunks.length;
    if (caughtUp && wrong === 0) await this.#ended(summary, folder);
    await this.#parts.store?.put(folder, summary, manifest, caughtUp);
    return { caughtUp, wrong, newest: manifest.at(-1) ?? null };
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
    let wrong = 0;
    report.expect(id, todo(actions));
    const work = async (action: Action) => {
      if (await this.#carryOut(id, action)) held.push(action.chunk);
      else wrong += 1;
    };
    await mapConcurrent(actions, work, { parallel, isEnough: enough });
    return { held, wrong };
  }

  /** False when the vehicle's bytes are not what its list promises. */
  async #carryOut(id: string, action: Action): Promise<boolean> {
    const path = join(this.#folder(id), action.chunk.filename);
    if (action.do === 'keep') return true;
    if (this.#failed.has(action.chunk.sha256)) return false;
    if (action.do === 'check' && (await fileSha256(path)) === action.chunk.sha256) return true;
    if (action.do !== 'download') await setAside(path, this.#parts.report);
    return this.#download(id, action.chunk);
  }

  async #download(id: string, chunk: Chunk): Promise<boolean> {
    try {
      await download(this.#parts, this.#folder(id), id, chunk);
      this.#parts.report.chunk(id, chunk);
      return true;
    } catch (error) {
      if (!(error instanceof WrongBytesError || error instanceof RefusedError)) throw error;
      this.#failed.add(chunk.sha256);
      this.#parts.report.chunkFailed(id, chunk, error.message);
      return false;
    }
  }

  async #ended(summary: SessionSummary, folder: string): Promise<void> {
    const local = await readLocalSession(folder);
    if (!isComplete(summary, local)) return;
    const { join: format, vehicle, report, tails } = this.#parts;
    await tails.takeOver(summary.session_id, local.manifest, true);
    if (!this.#isJoined(summary, local)) {
      await joinSession(format, { vehicle, folder, session: summary.session_id, local });
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

function todo(actions: readonly Action[]): { chunks: number; bytes: number } {
  const missing = actions.filter((action) => action.do === 'download');
  const bytes = missing.reduce((sum, { chunk, from }) => sum + chunk.size_bytes - from, 0);
  return { chunks: missing.length, bytes };
}

/** The chunks before the first one that is missing. */
function unbroken(manifest: readonly Chunk[]): Chunk[] {
  return manifest.filter(({ index }, place) => index === place);
}
