import type { ClockStatus } from '../../shared/api/clock.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import type { ClockState, Comparison } from '../../shared/time/comparison.ts';
import type { VehicleSample } from '../../shared/vehicle.ts';
import { AutopilotLooks } from './autopilot-looks.ts';
import { clockWords, offWords } from './clock-words.ts';
import { type KernelClock, readKernelClock, UNKNOWN_CLOCK } from './kernel-clock.ts';
import { comparisonOf, type Look, Offsets } from './offsets.ts';

export interface ClockListener {
  /** Something that belongs into the session's events. */
  event(note: Note): void;
  /** For the session's metadata, when something has changed. */
  known(state: ClockState): void;
}

/** A Perl that asks costs some 10 ms of a Pi. */
const KERNEL_EVERY_MS = 60_000;

/** Knows whether the vehicle's clock is set, and how far it is off the clocks of others. */
export class ClockWatch {
  readonly #clock: Clock;
  #listener: ClockListener = { event: () => undefined, known: () => undefined };
  readonly #offsets = new Offsets();
  readonly #autopilot = new AutopilotLooks();
  #kernel: KernelClock = UNKNOWN_CLOCK;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(listener: ClockListener): void {
    this.#listener = listener;
  }

  async start(): Promise<void> {
    this.#kernel = await readKernelClock();
    this.#timer = setInterval(() => void this.#ask(), KERNEL_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  state(): ClockState {
    const comparisons = this.#offsets.comparisons(this.#clock.now());
    return { is_set: this.#kernel.isSet, comparisons };
  }

  status(): ClockStatus {
    const { is_set, comparisons } = this.state();
    return {
      is_set,
      max_error_s: this.#kernel.maxErrorS,
      words: clockWords(this.#kernel, comparisons),
      comparisons,
    };
  }

  /** What the vehicle says of its autopilot's clock. */
  sampled(sample: VehicleSample): void {
    const look = this.#autopilot.take(sample);
    if (look !== null) this.compared(look);
  }

  /** Takes what somebody measured; an event where it is news. */
  compared(look: Look): Comparison {
    const told = comparisonOf(look, this.#clock.now());
    if (this.#offsets.take(look)) {
      this.#tell(told);
      this.#listener.known(this.state());
    }
    return told;
  }

  /** A session began, or went on: what is known is told to it. */
  sessionBegan(): void {
    for (const comparison of this.state().comparisons) this.#tell(comparison);
  }

  async #ask(): Promise<void> {
    const before = this.#kernel.isSet;
    this.#kernel = await readKernelClock();
    if (this.#kernel.isSet === before) return;
    const { words, is_set } = this.status();
    this.#listener.event({ kind: 'clock_state', detail: words, is_set });
    this.#listener.known(this.state());
  }

  #tell(comparison: Comparison): void {
    const { compared_with, client, offset_s, uncertainty_s } = comparison;
    const detail = `The vehicle’s clock was compared: ${offWords(comparison)}.`;
    const fields = { compared_with, client, offset_s, uncertainty_s };
    this.#listener.event({ kind: 'clock_compared', detail, ...fields });
  }
}
