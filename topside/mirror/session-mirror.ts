import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mapConcurrent } from '../../server/files/map-concurrent.ts';
import type { Annotation } from '../../shared/annotations.ts';
import { README } from '../../shared/archive/readme.ts';
import {
  type Chunk,
  chunk as chunkSchema,
  MIRRORED_NAME,
  type SessionSummary,
} from '../../shared/session.ts';
import { isChunkName, joinedName, METADATA, REPORT, TAIL } from '../layout.ts';
import { writeExplanations } from '../local/explanations.ts';
import { type LocalSession, readLocalSession } from '../local/local-session.ts';
import { fileSha256 } from '../local/partial-file.ts';
import { setAside } from '../local/replaced.ts';
import {
  metadataText,
  writeAnnotations,
  writeChanged,
  writeSession,
} from '../local/session-files.ts';
import { prepareFolder } from '../local/session-folder.ts';
import type { Join } from '../options.ts';
import { FileFaults, type FileParts, type Missing, type Place } from '../remote/file-faults.ts';
import { OtherFiles } from '../remote/other-files.ts';
import type { RemoteDetail } from '../remote/recorder-client.ts';
import type { StoreCopy } from '../store/store-copy.ts';
import { fetchReport, joinSession } from './join.ts';
import { type Action, heldThrough, isComplete, plan, withChunks } from './plan.ts';
import type { Tails } from './tails.ts';

/** A pass begins no chunk after this time, or twice that of the question what there is. */
const SLICE_MS = 5000;

export interface MirrorParts extends FileParts {
  /** Folder of all sessions. */
  out: string;
  join: Join;
  /** report.html, too, when a session has ended. */
  wantsReport: boolean;
  parallel: number;
  tails: Tails;
  /** Gets a copy of what is here. */
  store: StoreCopy | null;
}

export interface Pass {
  /** All that the vehicle has finalized is here. */
  caughtUp: boolean;
  missing: readonly Missing[];
  /** The newest chunk that is here. */
  newest: Chunk | null;
}

/** Brings sessions one after the other into line with the vehicle. The state is what the disk says. */
export class SessionMirror {
  readonly #parts: MirrorParts;
  readonly #files: FileFaults;
  readonly #others: OtherFiles;
  /** What was told of damage, by session. */
  readonly #told = new Map<string, string>();

  constructor(parts: MirrorParts) {
    this.#parts = parts;
    this.#files = new FileFaults(parts);
    this.#others = new OtherFiles(this.#files, parts.report);
  }

  /** Is the session here, whole, so that the vehicle need not be asked? */
  async isComplete(summary: SessionSummary): Promise<boolean> {
    const folder = this.#folder(summary.session_id);
    const local = await readLocalSession(folder);
    const complete = isComplete(summary, local) && this.#isJoined(summary, local);
    const { sizes } = local;
    if (this.#parts.wantsReport && !sizes.has(REPORT)) return false;
    if (!complete || sizes.has(TAIL) || sizes.has(MIRRORED_NAME) || !sizes.has(README))
      return false;
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
    const { held, missing } = await this.#chunks({ session: id, folder }, actions, isLate);
    const caughtUp = held.length + missing.length === actions.length;
    missing.push(...bad, ...(await this.#others.bring({ session: id, folder }, detail, local)));
    const manifest = withChunks(local.manifest, held);
    await writeSession(folder, detail, manifest);
    const history = await this.#parts.vehicle.annotations(id);
    await writeAnnotations(folder, history);
    await writeExplanations(folder, detail, history);
    await this.#parts.tails.takeOver(id, unbroken(manifest), false);
    if (caughtUp && missing.length === 0) await this.#ended(detail, folder, history);
    await this.#parts.store?.want(summary, folder, caughtUp ? 'all that there is so far' : 'some');
    return { caughtUp, missing, newest: manifest.at(-1) ?? null };
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

  async #chunks(place: Place, actions: readonly Action[], isEnough: () => boolean) {
    const { parallel, report } = this.#parts;
    const held: Chunk[] = [];
    const missing: Missing[] = [];
    report.expect(place.session, todo(actions));
    const work = async (action: Action) => {
      const fault = await this.#carryOut(place, action);
      if (fault === null) held.push(action.chunk);
      else missing.push(fault);
    };
    await mapConcurrent(actions, work, { parallel, isEnough });
    return { held, missing };
  }

  /** Resolves with null when the chunk is here. */
  async #carryOut(place: Place, action: Action): Promise<Missing | null> {
    const { chunk } = action;
    const path = join(place.folder, chunk.filename);
    if (action.do === 'keep') return null;
    const known = this.#files.known(place, chunk);
    if (known !== null) return known;
    if (action.do === 'check' && (await fileSha256(path)) === chunk.sha256) return null;
    if (action.do !== 'download') await setAside(path, this.#parts.report);
    const fault = await this.#files.fetch(place, chunk);
    if (fault === null) this.#parts.report.chunk(place.session, chunk);
    return fault;
  }

  async #ended(
    detail: RemoteDetail,
    folder: string,
    history: readonly Annotation[],
  ): Promise<void> {
    const { summary } = detail;
    const local = await readLocalSession(folder);
    if (!isComplete(summary, local)) return;
    const { join: format, wantsReport, vehicle, report, tails } = this.#parts;
    await tails.takeOver(summary.session_id, local.manifest, true);
    if (!this.#isJoined(summary, local)) {
      const session = summary.session_id;
      const onDamage = (detail: string) => report.note(`${session}: ${detail}`);
      await joinSession(format, { vehicle, folder, session, local, onDamage });
    }
    if (wantsReport) await fetchReport(vehicle, folder, summary.session_id);
    await writeExplanations(folder, detail, history);
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
    bad: bad.map(({ filename }) => ({
      words: `${JSON.stringify(filename.slice(0, 80))} is no chunk of ours`,
      isFinal: true,
    })),
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
