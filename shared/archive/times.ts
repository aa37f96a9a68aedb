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
export function clockRule(facts: SessionFacts): string {
  const { reference, stepCount } = new CorrectedClock(facts);
  if (reference.isKnown) return byComparison(facts);
  if (stepCount === 0) {
    return 'The clock was not set during the session, as far as its events tell: nothing has to be put right. Whether it was right at the beginning, nobody compared.';
  }
  if (facts.byWallClock) {
    return 'The clock was set during the session. The rows have no elapsed_s, so they can not be put right with certainty. Events do not change the rows:';
  }
  return 'The clock was set during the session. To put a time right, add all steps below whose elapsed_s is larger than that of the row:';
}

function byComparison({ byWallClock }: SessionFacts): string {
  const compared =
    'The clock of the vehicle was compared with a better one. What was put right goes by the comparisons below, in a straight line between two of them. By hand, with the one that is nearest:';
  if (byWallClock) return `${compared} add its seconds to the time of the row.`;
  return `${compared} its time plus its seconds, plus the elapsed_s of the row, less its own, is the UTC of the row. After a restart without the same clock only comparisons after it hold.`;
}

/** What tells of the vehicle's clock, and what elapsed_s goes on by after a restart. */
export function timeNotes(facts: SessionFacts): string[] {
  const { events, byWallClock } = facts;
  const at = ({ timestamp, elapsed_s }: { timestamp: string; elapsed_s: number }) =>
    byWallClock ? timestamp : `${timestamp} (elapsed_s ${elapsed_s})`;
  const { anchors } = new CorrectedClock(facts).reference;
  const steps = events.filter(({ kind }) => kind === 'clock_step');
  const restarts = events.filter(({ kind }) => kind === 'recording_resumed');
  return shortened([
    ...anchors.map(
      ({ comparison: { timestamp, client, offset_s, uncertainty_s }, elapsed }) =>
        `${at({ timestamp, elapsed_s: elapsed })}: by ${client === null ? 'the GPS time of the autopilot' : `the clock of ${oneLine(client)}`} ${signed(offset_s)} s, within ${uncertainty_s.toFixed(3)} s.`,
    ),
    ...steps
      .flatMap((event) => step.safeParse(event).data ?? [])
      .map((event) => `${at(event)}: the clock was set by ${event.step_s.toFixed(3)} s.`),
    ...restarts.map(
      ({ timestamp, elapsed_basis }) =>
        `${timestamp}: recording went on after a restart; elapsed_s goes on ${BASES[String(elapsed_basis)] ?? 'by what this file does not know'}.`,
    ),
  ]);
}

const signed = (seconds: number): string => `${seconds < 0 ? '' : '+'}${seconds.toFixed(3)}`;

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
