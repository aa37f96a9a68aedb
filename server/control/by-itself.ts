import type { Settings } from '../../shared/api/service.ts';
import type { Trigger } from '../../shared/session.ts';

export type Rules = Pick<Settings, 'record_by_itself' | 'record_below_m' | 'record_end_delay_s'>;

/** What it is decided from. */
export interface Seen {
  mono: number;
  rules: Rules;
  /** null: not known. */
  armed: boolean | null;
  depthM: number | null;
  /** Why the session began that is recorded; null: none is. */
  recording: Trigger | null;
}

/** A single message that is off begins nothing. */
const SURE_S = 2;
/** A vehicle that hovers at the depth that is set neither begins nor ends anything again and again. */
const BAND_M = 0.5;
const FIRST_RETRY_S = 10;
const LAST_RETRY_S = 60;

/**
 * Whether a session is to begin or to end by itself. What a person begins, only a person ends; what
 * a person stops begins again only after its reason was gone. What is not known ends nothing.
 */
export class ByItself {
  #isWanted: boolean | null = null;
  #since = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  #retryS = FIRST_RETRY_S;
  #isHeld: boolean;
  #mode: Rules['record_by_itself'] | null = null;

  /** `isHeld`: before a restart a person had stopped it. */
  constructor(isHeld: boolean) {
    this.#isHeld = isHeld;
  }

  /** A person has stopped the recording, and its reason is not gone. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The reason is there; null: not known. */
  get isWanted(): boolean | null {
    return this.#isWanted;
  }

  /** To be called about once a second. */
  look(seen: Seen): 'begin' | 'end' | null {
    const { rules, recording, mono } = seen;
    this.#learn(seen);
    if (this.#mode === 'never') return null;
    const isMine = recording !== null && recording !== 'request';
    if (isMine && this.endsInS(mono, rules) === 0) return 'end';
    if (recording !== null || this.#isHeld || !this.#isSure(mono) || mono < this.#retryAt)
      return null;
    this.#retryAt = mono + this.#retryS;
    this.#retryS = Math.min(LAST_RETRY_S, 2 * this.#retryS);
    return 'begin';
  }

  /** A person, or a client, has stopped the recording, or the sensor. */
  stopped(): void {
    this.#isHeld = this.#mode !== 'never' && this.#isWanted !== false;
  }

  /** Seconds until a session that began by itself ends; null: its reason is there, or not known. */
  endsInS(mono: number, { record_end_delay_s }: Rules): number | null {
    if (this.#isWanted !== false) return null;
    return Math.max(0, this.#since + record_end_delay_s - mono);
  }

  #learn(seen: Seen): void {
    const { mono, rules, armed } = seen;
    if (rules.record_by_itself !== this.#mode) this.#turnTo(rules.record_by_itself, mono);
    const wanted = this.#mode === 'armed' ? armed : this.#isDeep(seen);
    if (wanted === false) this.#isHeld = false;
    if (wanted === this.#isWanted) return;
    [this.#isWanted, this.#since, this.#retryS] = [wanted, mono, FIRST_RETRY_S];
  }

  /** Whoever turns it on wants it now. */
  #turnTo(mode: Rules['record_by_itself'], mono: number): void {
    if (this.#mode !== null) this.#isHeld = false;
    [this.#mode, this.#isWanted, this.#since] = [mode, null, mono];
  }

  #isDeep({ depthM, mono, rules }: Seen): boolean | null {
    if (depthM === null) return null;
    if (depthM >= rules.record_below_m) return true;
    return depthM >= rules.record_below_m - BAND_M && this.#isSure(mono);
  }

  #isSure(mono: number): boolean {
    return this.#isWanted === true && mono - this.#since >= SURE_S;
  }
}
