/** Tells how long this process was held up: what it read late need not have come late. */
export interface Stalls {
  /** Seconds of the time since a moment of the monotonic clock. */
  heldUpSince(mono: number): number;
}

/** Of a process that is never held up, for trials. */
export const NO_STALLS: Stalls = { heldUpSince: () => 0 };
