import { z } from 'zod';
import { CorrectedClock } from '../corrected-clock.ts';
import { oneLine } from './prose.ts';
import type { SessionFacts } from './session-facts.ts';

/** More than a reader looks at; events.jsonl has all. */
const MOST_LISTED = 200;

const step = z.looseObject({ timestamp: z.string(), elapsed_s: z.number(), step_s: z.number() });

const BASES: Readonly<Record<string, string>> = {
  monotonic_clock: 'exact, by the same clock',
  wall_clock: 'by the clock of the vehicle, as right as that was',
  last_row: 'without the pause, whose length is not known',
};

/** Whether times have to be put right, and how. */
export function clockRule({ byWallClock, events }: SessionFacts): string {
  if (!events.some(({ kind }) => kind === 'clock_step')) {
    return 'The clock was not set during the session, as far as its events tell: nothing has to be put right. Whether it was right at the beginning, nobody compared.';
  }
  if (byWallClock) {
    return 'The clock was set during the session. The rows have no elapsed_s, so they can not be put right with certainty. Events do not change the rows:';
  }
  return 'The clock was set during the session. To put a time right, add all steps below whose elapsed_s is larger than that of the row:';
}

/** When the vehicle's clock was set, and what elapsed_s goes on by after a restart. */
export function timeNotes({ events, byWallClock }: SessionFacts): string[] {
  const steps = events.filter(({ kind }) => kind === 'clock_step');
  const known = steps.flatMap((event) => step.safeParse(event).data ?? []);
  const restarts = events.filter(({ kind }) => kind === 'recording_resumed');
  return shortened([
    ...known.map(
      ({ timestamp, elapsed_s, step_s }) =>
        `${timestamp}${byWallClock ? '' : ` (elapsed_s ${elapsed_s})`}: the clock was set by ${step_s.toFixed(3)} s.`,
    ),
    ...restarts.map(
      ({ timestamp, elapsed_basis }) =>
        `${timestamp}: recording went on after a restart; elapsed_s goes on ${BASES[String(elapsed_basis)] ?? 'by what this file does not know'}.`,
    ),
  ]);
}

/** Events in words, with their times put right as far as they can be. */
export function eventNotes(facts: SessionFacts, events: SessionFacts['events']): string[] {
  const clock = new CorrectedClock(facts);
  return shortened(
    events.map(
      ({ timestamp, elapsed_s, kind, detail }) =>
        `${clock.iso(timestamp, elapsed_s)} ${kind}: ${oneLine(detail)}`,
    ),
  );
}

function shortened(notes: readonly string[]): string[] {
  const more = notes.length - MOST_LISTED;
  if (more <= 0) return [...notes];
  return [...notes.slice(0, MOST_LISTED), `And ${more} more: see events.jsonl.`];
}
