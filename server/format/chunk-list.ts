import type { Damage } from '../../shared/damage.ts';
import type { Chunk } from '../../shared/session.ts';
import type { SealedPart } from '../../shared/vehicle.ts';

/** An answer of /record/snapshots, ready to send. */
export interface Snapshot {
  /** UTF-8 JSON as the contract has it. */
  body: Buffer;
  /** Changes exactly when the body does; quoted, as HTTP wants it. */
  etag: string;
}

/** The finalized chunks of a session, sorted by index, and what is sealed besides; the answer is kept ready. */
export class ChunkList {
  readonly #sessionId: string;
  readonly #chunks: Chunk[] = [];
  readonly #texts: string[] = [];
  #damage: readonly Damage[];
  #otherFiles: readonly SealedPart[];
  #sizeBytes = 0;
  #rows = 0;
  #whole: Buffer | null = null;

  constructor(
    sessionId: string,
    chunks: readonly Chunk[] = [],
    otherFiles: readonly SealedPart[] = [],
    damage: readonly Damage[] = [],
  ) {
    this.#sessionId = sessionId;
    this.#damage = damage;
    this.#otherFiles = otherFiles;
    for (const chunk of chunks) this.add(chunk);
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** What is sealed of the files beside the chunks. */
  get otherFiles(): readonly SealedPart[] {
    return this.#otherFiles;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get rows(): number {
    return this.#rows;
  }

  get last(): Chunk | null {
    return this.#chunks.at(-1) ?? null;
  }

  /** Takes the chunk that follows the last one. */
  add(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.#texts.push(JSON.stringify(chunk));
    this.#sizeBytes += chunk.size_bytes;
    this.#rows += chunk.row_count;
    this.#whole = null;
  }

  /** Takes what is sealed by now of a file beside the chunks. */
  sealed(part: SealedPart): void {
    this.#otherFiles = [part];
    this.#whole = null;
  }

  /** What is known to be wrong with it. */
  get damage(): readonly Damage[] {
    return this.#damage;
  }

  /** A file is not as it was finalized: it is not handed out any more. */
  withdraw(damage: Damage): void {
    const isIt = ({ filename }: Chunk | SealedPart) => filename === damage.file;
    const at = this.#chunks.findIndex(isIt);
    this.#otherFiles = this.#otherFiles.filter((file) => !isIt(file));
    this.#damage = [...this.#damage, damage];
    this.#whole = null;
    const [chunk] = at < 0 ? [] : this.#chunks.splice(at, 1);
    if (chunk === undefined) return;
    this.#texts.splice(at, 1);
    this.#sizeBytes -= chunk.size_bytes;
    this.#rows -= chunk.row_count;
  }

  find(filename: string): Chunk | SealedPart | null {
    const isIt = (file: Chunk | SealedPart) => file.filename === filename;
    return this.#chunks.find(isIt) ?? this.#otherFiles.find(isIt) ?? null;
  }

  /** Chunks with an index above `afterIndex`; the totals are the session's. */
  snapshot(afterIndex = -1): Snapshot {
    const state = [this.last, ...this.#otherFiles].map((file) => file?.sha256.slice(0, 16));
    const told = this.#damage.map(({ kind, file }) => `${kind}.${file}`).join('.');
    const etag = `"${[this.#chunks.length, ...state, told, afterIndex].join('-')}"`;
    if (afterIndex < 0) {
      this.#whole ??= this.#body(0);
      return { body: this.#whole, etag };
    }
    return { body: this.#body(this.#positionAfter(afterIndex)), etag };
  }

  #positionAfter(index: number): number {
    const position = this.#chunks.findIndex((chunk) => chunk.index > index);
    return position < 0 ? this.#chunks.length : position;
  }

  #body(from: number): Buffer {
    const texts = this.#texts.slice(from).join(',');
    return Buffer.from(
      `{"session_id":${JSON.stringify(this.#sessionId)},"chunks":[${texts}],` +
        `"total_chunks":${this.#chunks.length},"total_size_bytes":${this.#sizeBytes},` +
        `"other_files":${JSON.stringify(this.#otherFiles)}${this.#told()}}`,
    );
  }

  #told(): string {
    return this.#damage.length === 0 ? '' : `,"damage":${JSON.stringify(this.#damage)}`;
  }
}
