import type { Clock } from '../../shared/clock.ts';
import { type Notice, type PilotFacts, PilotNotices } from './notices.ts';

const EVERY_MS = 1000;

export interface PilotSources {
  clock: Clock;
  recording(): {
    is_recording: boolean;
    failure: string | null;
    disk_left_s: number | null;
    /** A session should have begun by itself, and could not. */
    cantBegin: boolean;
  };
  /** `periodS`: seconds between readings as they are meant to come; null while none is. */
  sensor(): { ageS: number; periodS: number | null };
  vehicle(): { isHeard: boolean; depthM: number | null };
  /** What goes to the pilot, by every way that there is. */
  tell(notice: Notice): void;
}

/** Looks once a second whether there is something that the pilot must hear of. */
export class PilotWatch {
  readonly #sources: PilotSources;
  readonly #notices = new PilotNotices();
  #timer: NodeJS.Timeout | undefined;
  /** When a depth was there last, or a vehicle was heard first; null before. */
  #depthAt: number | null = null;

  constructor(sources: PilotSources) {
    this.#sources = sources;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What stands now, in a few words; null: nothing. */
  get notice(): string | null {
    return this.#notices.standing;
  }

  #look(): void {
    for (const notice of this.#notices.look(this.#facts())) this.#sources.tell(notice);
  }

  #facts(): PilotFacts {
    const { is_recording, failure, disk_left_s, cantBegin } = this.#sources.recording();
    const { ageS, periodS } = this.#sources.sensor();
    return {
      isRecording: is_recording,
      hasFailed: failure !== null && !is_recording,
      cantBegin,
      diskLeftS: disk_left_s,
      silentS: periodS === null ? null : Math.max(0, ageS - periodS),
      withoutDepthS: this.#withoutDepth(),
    };
  }

  #withoutDepth(): number | null {
    const { isHeard, depthM } = this.#sources.vehicle();
    const now = this.#sources.clock.now().mono;
    if (depthM !== null || (isHeard && this.#depthAt === null)) this.#depthAt = now;
    return this.#depthAt === null ? null : now - this.#depthAt;
  }
}
