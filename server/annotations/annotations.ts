import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  ANNOTATION_KINDS,
  ANNOTATIONS_FILE,
  type Annotation,
  type AnnotationRequest,
  standing,
} from '../../shared/annotations.ts';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { refuseLinks } from '../files/links.ts';
import { storageError } from '../files/storage-error.ts';
import { addAnnotation, type Annotations as Read, readAnnotations } from '../format/annotations.ts';

/** What people say of sessions, kept beside what was recorded, which nobody changes. */
export class Annotations {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #catalogue: Pick<Catalogue, 'check' | 'goneOr'>;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(root: string, clock: Clock, catalogue: Pick<Catalogue, 'check' | 'goneOr'>) {
    this.#root = root;
    this.#clock = clock;
    this.#catalogue = catalogue;
  }

  async read(sessionId: string): Promise<Read & { standing: Annotation[] }> {
    const found = await this.#in(sessionId, readAnnotations);
    return { ...found, standing: standing(found.history) };
  }

  /** Resolves when it survives a power cut. */
  async add(sessionId: string, request: AnnotationRequest): Promise<Annotation> {
    const line = lineOf(request, isoMicros(this.#clock.now().wallMicros));
    const write = () => this.#in(sessionId, (folder) => addAnnotation(folder, line));
    const written = this.#writing.then(write, write);
    this.#writing = written;
    await written;
    return line;
  }

  /** Rejects with session_not_found, forbidden_path, and what the disk says. */
  async #in<T>(sessionId: string, task: (folder: string) => Promise<T>): Promise<T> {
    await this.#catalogue.check(sessionId);
    const folder = join(this.#root, sessionId);
    try {
      await refuseLinks([folder, join(folder, ANNOTATIONS_FILE)]);
      return await task(folder);
    } catch (error) {
      throw storageError(await this.#catalogue.goneOr(sessionId, error));
    }
  }
}

/** Where there is one of a kind at most, its key is its kind. */
function lineOf(request: AnnotationRequest, timestamp: string): Annotation {
  const { kind, key, value, author, reason } = request;
  const own = ANNOTATION_KINDS[kind].many ? (key ?? randomUUID()) : kind;
  return { timestamp, kind, key: own, value, author, reason };
}
