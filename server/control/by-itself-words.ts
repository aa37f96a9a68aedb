import type { Trigger } from '../../shared/session.ts';
import type { ByItself, Rules } from './by-itself.ts';

interface Told {
  mono: number;
  rules: Rules;
  recording: Trigger | null;
  /** Why the last session could not begin by itself, in words; null: it could. */
  problem: string | null;
}

/** What will begin or end by itself, for the page; null: nothing. */
export function byItselfWords(state: ByItself, { mono, rules, recording, problem }: Told) {
  if (rules.record_by_itself === 'never' || recording === 'request') return null;
  const when = reason(rules);
  if (recording !== null) return endWords(state.endsInS(mono, rules), rules);
  if (state.isHeld) return `Stopped by hand. Begins by itself again ${when}, once it was not.`;
  if (problem !== null) return `Can’t begin by itself: ${problem}`;
  if (state.isWanted === null) return `Begins by itself ${when}; whether it is, is not known now.`;
  return `Begins by itself ${when}.`;
}

/** What the session says of its end. */
export function endedByItself(trigger: Trigger): string {
  const why = trigger === 'armed' ? 'the vehicle is disarmed' : 'the vehicle has come up';
  return `The recording ended by itself: ${why}.`;
}

function reason({ record_by_itself, record_below_m }: Rules): string {
  const deep = `when the vehicle is deeper than ${record_below_m} m`;
  return record_by_itself === 'armed' ? 'when the vehicle is armed' : deep;
}

function endWords(endsInS: number | null, rules: Rules): string {
  if (endsInS !== null) return `Ends by itself in ${Math.ceil(endsInS)} s.`;
  const over = rules.record_by_itself === 'armed' ? 'disarmed' : 'up again';
  return `Began by itself. Ends ${rules.record_end_delay_s} s after the vehicle is ${over}.`;
}
