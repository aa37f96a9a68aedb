import type { Damage } from '../../shared/damage.ts';
import type { Chunk } from '../../shared/session.ts';
import type { SealedPart } from '../../shared/vehicle.ts';
import { Chunks } from './chunks.ts';

/** An answer of /record/snapshots, ready to send. */
export interface Snapshot {
  /** UTF-8 JSON as the contract has it, in pieces. */
  body: readonly Buffer[];
  /** Changes exactly when the body does; quoted, as HTTP wants it. */
  etag: string;
}

/** The finalized chunks of a session, and what is sealed besides. */
export class ChunkList {
  readonly #sessionId: string;
  readonly #chunks: Chunks;
  #damage: readonly Damage[];
  #otherFiles: readonly SealedPart[];

  /** Takes the chunks as its own. */
  constructor(
    sessionId: string,
    chunks = new Chunks(),
    otherFiles: readonly SealedPart[] = [],
    damage: readonly Damage[] = [],
  ) {
    this.#sessionId = sessionId;
    this.#chunks = chunks;
    this.#otherFiles = otherFiles;
    this.#damage = damage;
  }

  get chunks(): Omit<Chunks, 'add' | 'remove'> {
    return this.#chunks;
  }

  /** What is sealed of the files beside the chunks. */
  get otherFiles(): readonly SealedPart[] {
    return this.#otherFiles;
  }

  get sizeBytes(): number {
    return this.#chunks.sizeBytes;
  }

  get rows(): number {
    return this.#chunks.rows;
  }

  get last(): Chunk | null {
    return this.#chunks.last;
  }

  /** Takes the chunk that follows the last one. */
  add(chunk: Chunk): void {
    this.#chunks.add(chunk);
  }

  /** Takes what is sealed by now of a file beside the chunks. */
  sealed(part: SealedPart): void {
    this.#otherFiles = [part];
  }

  /** What is known to be wrong with it. */
  get damage(): readonly Damage[] {
    return this.#damage;
  }

  /** A file is not as it was finalized: it is not handed out any more. */
  withdraw(damage: Damage): void {
    const chunk = this.#chunks.find(damage.file ?? '');
    this.#otherFiles = this.#otherFiles.filter(({ filename }) => filename !== damage.file);
    this.#damage = [...this.#damage, damage];
    if (chunk !== null) this.#chunks.remove(chunk);
  }

  find(filename: string): Chunk | SealedPart | null {
    const other = this.#otherFiles.find((file) => file.filename === filename);
    return other ?? this.#chunks.find(filename);
  }

  /** Chunks with an index above `afterIndex`; the totals are the session's. */
  snapshot(afterIndex = -1): Snapshot {
    const state = [this.last, ...this.#otherFiles].map((file) => file?.sha256.slice(0, 16));
    const told = this.#damage.map(({ kind, file }) => `${kind}.${file}`).join('.');
    const etag = `"${[this.#chunks.length, ...state, told, afterIndex].join('-')}"`;
    return { body: this.#body(afterIndex), etag };
  }

  #body(afterIndex: number): Buffer[] {
    const head = `{"session_id":${JSON.stringify(this.#sessionId)},"chunks":[`;
    const totals = `],"total_chunks":${this.#chunks.length},"total_size_bytes":${this.sizeBytes}`;
    const others = `,"other_files":${JSON.stringify(this.#otherFiles)}${this.#told()}}`;
    const [before, after] = [Buffer.from(head), Buffer.from(totals + others)];
    return [before, ...this.#chunks.json(afterIndex), after];
  }

  #told(): string {
    return this.#damage.length === 0 ? '' : `,"damage":${JSON.stringify(this.#damage)}`;
  }
}
