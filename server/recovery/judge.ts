import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import type { Damage } from '../../shared/damage.ts';
import { sessionId } from '../../shared/session.ts';
import { isMissing, isSystemError, reasonOf } from '../files/storage-error.ts';
import type { Judged, RecoveryReport } from '../format/found.ts';
import { isClosed, readMetadata, type SessionMetadata } from '../format/metadata.ts';
import { judgedBy } from './judged.ts';
import { lookAt, type Seen } from './look.ts';
import { mendSession } from './mend-session.ts';
import { isMirrored } from './recovery.ts';

/** Sessions that stay in memory, as long as they have no more chunks together: some 30 MB. */
const KEPT = 8;
const KEPT_CHUNKS = 100_000;
/** Whoever changes a session changes one of these, or a name in its folder. */
const TELLING = ['.', 'metadata.json', 'manifest.jsonl', 'events.jsonl', 'vehicle.jsonl'];

export interface JudgeParts {
  /** Folder of all sessions. */
  root: string;
  clock: Clock;
  /** Whether the recorder has the session in hand: then nobody else changes it. */
  isInHand(id: string): boolean;
  onMended(report: RecoveryReport): void;
}

/** How a session's folder was found. */
interface Case {
  id: string;
  folder: string;
  /** Changes with whatever is changed of it. */
  state: string;
  /** null: lost. */
  metadata: SessionMetadata | null;
  seen: Seen;
}

/**
 * The one place that says what there is of a session. One that has ended and does not fit
 * together is mended on sight; where the disk refuses that, what is left out is told all the same.
 */
export class Judge {
  readonly #parts: JudgeParts;
  /** The one that was asked for last comes last. */
  readonly #kept = new Map<string, Judged & { state: string }>();
  readonly #working = new Map<string, Promise<Judged | null>>();
  /** What reading has shown of chunks, until they are mended. */
  readonly #doubted = new Map<string, readonly Damage[]>();
  /** How each was left by mending it, and why that failed. */
  readonly #tried = new Map<string, { state: string | null; refusal: string | null }>();
  #mayMend = false;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** From now on what is found is mended: sessions that were interrupted have been seen to. */
  mendFromNow(): void {
    this.#mayMend = true;
    this.#kept.clear();
  }

  /**
   * null where there is no such session: what is no id may lead anywhere, as may a link, and a
   * copy under another name says that it is another session.
   */
  async judged(id: string): Promise<Judged | null> {
    if (!sessionId.safeParse(id).success) return null;
    const working = this.#working.get(id);
    if (working) return working;
    const judging = this.#judged(id)
      .catch((error: unknown) => this.#orGone(id, error))
      .finally(() => this.#working.delete(id));
    this.#working.set(id, judging);
    return judging;
  }

  /** The same, after reading has shown that chunks of it are not as they were finalized. */
  async doubted(id: string, damage: readonly Damage[]): Promise<Judged | null> {
    await this.#working.get(id);
    this.#doubted.set(id, [...(this.#doubted.get(id) ?? []), ...damage]);
    this.#kept.delete(id);
    this.#tried.delete(id);
    return this.judged(id);
  }

  /** Resolves when nothing is done with it any more. */
  async forget(id: string): Promise<void> {
    await this.#working.get(id);
    for (const map of [this.#kept, this.#doubted, this.#tried]) map.delete(id);
  }

  async #judged(id: string): Promise<Judged | null> {
    const folder = join(this.#parts.root, id);
    const state = await stateOf(folder);
    const kept = this.#kept.get(id);
    if (state === null) return null;
    if (kept?.state === state) return this.#keep(id, kept);
    // What is known of a long session takes memory, which the new look needs.
    this.#kept.delete(id);
    return this.#judge(id, folder, state);
  }

  /** It may have been deleted while it was looked at. */
  async #orGone(id: string, error: unknown): Promise<null> {
    if (isMissing(error) && (await stateOf(join(this.#parts.root, id))) === null) return null;
    throw error;
  }

  async #judge(id: string, folder: string, state: string): Promise<Judged | null> {
    const metadata = await readMetadata(folder);
    if (metadata !== null && metadata.session_id !== id) return null;
    const found: Case = { id, folder, state, metadata, seen: await lookAt(folder, metadata) };
    if (metadata === null && found.seen.isEmpty) return null;
    if (!this.#isSound(found) && (await this.#mend(found))) return this.#judged(id);
    const judged = await judgedBy(
      found,
      this.#doubted.get(id) ?? [],
      this.#tried.get(id)?.refusal ?? null,
    );
    return isClosed(judged.metadata) ? this.#keep(id, { ...judged, state }) : judged;
  }

  /** What could not be read is tried once more by each process. */
  #isSound({ id, metadata, seen }: Case): boolean {
    if (metadata === null || seen.differences.length > 0 || this.#doubted.has(id)) return false;
    return seen.unreadable.length === 0 || this.#tried.has(id);
  }

  /** False where it is not ours to mend, or was left so by mending it. */
  async #mend({ id, folder, state, metadata }: Case): Promise<boolean> {
    const { clock, isInHand, onMended } = this.#parts;
    const isOurs = this.#mayMend && !isInHand(id) && !isMirrored(folder);
    if (!isOurs || (metadata !== null && !isClosed(metadata))) return false;
    if (this.#tried.get(id)?.state === state) return false;
    const doubted = this.#doubted.get(id) ?? [];
    const refusal = await mendSession(folder, id, clock, filesOf(doubted)).then(({ mended }) => {
      for (const repair of mended.repairs) onMended({ session_id: id, ...repair });
      this.#doubted.delete(id);
      return null;
    }, inWords);
    this.#tried.set(id, { state: await stateOf(folder), refusal });
    return true;
  }

  #keep<J extends Judged & { state: string }>(id: string, judged: J): J {
    this.#kept.delete(id);
    this.#kept.set(id, judged);
    for (const oldest of this.#kept.keys()) {
      if (oldest === id || !this.#isTooMuch()) break;
      this.#kept.delete(oldest);
    }
    return judged;
  }

  #isTooMuch(): boolean {
    let chunks = 0;
    for (const { list } of this.#kept.values()) chunks += list.chunks.length;
    return this.#kept.size > KEPT || chunks > KEPT_CHUNKS;
  }
}

const filesOf = (damage: readonly Damage[]) => new Set(damage.flatMap(({ file }) => file ?? []));

function inWords(error: unknown): string {
  if (!isSystemError(error)) throw error;
  return reasonOf(error);
}

/** null where there is no such folder; a link is none. */
async function stateOf(folder: string): Promise<string | null> {
  const states = await Promise.all(TELLING.map((name) => stateOfFile(join(folder, name))));
  return states[0] === null || !states[0]?.startsWith('d') ? null : states.join(' ');
}

async function stateOfFile(path: string): Promise<string | null> {
  try {
    const found = await lstat(path);
    return `${found.isDirectory() ? 'd' : ''}${found.ctimeMs}.${found.size}`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
