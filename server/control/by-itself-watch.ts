import { z } from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { Trigger } from '../../shared/session.ts';
import { readBootId } from '../files/boot-id.ts';
import { KeptValue, type Warn } from '../files/kept-value.ts';
import type { Recorder } from '../recording/recorder.ts';
import { ByItself, type Rules } from './by-itself.ts';
import { byItselfWords, endedByItself } from './by-itself-words.ts';
import type { Control } from './control.ts';

const EVERY_MS = 1000;

const kept = z.object({ stopped_by_hand: z.boolean(), boot_id: z.string().nullable() });
const WORDS = {
  cantRead: 'Whether somebody had stopped the recording can’t be read.',
  cantWrite: 'That somebody stopped the recording can’t be written: a restart would not know it.',
};

interface Parts {
  clock: Clock;
  control: Pick<Control, 'recordStart' | 'endByItself' | 'listen'>;
  recorder: Pick<Recorder, 'active'>;
  rules(): Rules;
  vehicle(): { armed: boolean | null; depth_m: number | null };
  /** Of the file in which a person's stop outlives a restart. */
  path: string;
  warn: Warn;
}

/** Begins and ends sessions by itself, as the settings say, through the door that everybody takes. */
export class ByItselfWatch {
  readonly #parts: Parts;
  readonly #file: KeptValue<z.infer<typeof kept>>;
  #state = new ByItself(false);
  #bootId: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isActing = false;
  #problem: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#file = new KeptValue(parts.path, kept, WORDS, parts.warn);
  }

  /** Another boot of the vehicle is another dive. */
  async start(): Promise<void> {
    const before = await this.#file.read();
    this.#bootId = await readBootId();
    const isSameBoot = before !== null && before.boot_id === this.#bootId;
    this.#state = new ByItself(isSameBoot && before.stopped_by_hand);
    this.#parts.control.listen({ stopped: () => this.#changed(() => this.#state.stopped()) });
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A session should have begun, and could not. */
  get isFailing(): boolean {
    return this.#problem !== null;
  }

  /** What will begin or end by itself, in words; null: nothing. */
  get words(): string | null {
    const { mono } = this.#parts.clock.now();
    const told = { mono, rules: this.#parts.rules(), recording: this.#recording };
    return byItselfWords(this.#state, { ...told, problem: this.#problem });
  }

  get #recording(): Trigger | null {
    return this.#parts.recorder.active?.trigger ?? null;
  }

  async #look(): Promise<void> {
    if (this.#isActing) return;
    const todo = this.#changed(() => this.#decide());
    this.#isActing = true;
    if (todo === 'begin') await this.#begin();
    if (todo === 'end') await this.#end();
    this.#isActing = false;
  }

  #decide() {
    const { clock, rules, vehicle } = this.#parts;
    const { armed, depth_m } = vehicle();
    const seen = { mono: clock.now().mono, rules: rules(), recording: this.#recording };
    const todo = this.#state.look({ ...seen, armed, depthM: depth_m });
    if (seen.recording !== null || this.#state.isWanted !== true) this.#problem = null;
    return todo;
  }

  /** That somebody stopped it is kept, and that it counts no more. */
  #changed<T>(work: () => T): T {
    const before = this.#state.isHeld;
    const result = work();
    const { isHeld } = this.#state;
    if (isHeld !== before) this.#file.write({ stopped_by_hand: isHeld, boot_id: this.#bootId });
    return result;
  }

  async #begin(): Promise<void> {
    const mode = this.#parts.rules().record_by_itself;
    if (mode === 'never') return;
    await this.#parts.control.recordStart({}, mode).catch((error: unknown) => {
      this.#problem = this.#told(error);
    });
  }

  async #end(): Promise<void> {
    const { active } = this.#parts.recorder;
    if (active === null) return;
    const detail = endedByItself(active.trigger);
    await this.#parts.control
      .endByItself(active.id, detail)
      .catch((error: unknown) => this.#told(error));
  }

  #told(error: unknown): string {
    if (!(error instanceof ApiError)) throw error;
    this.#parts.warn('What should have happened by itself did not', error);
    return error.message;
  }
}
