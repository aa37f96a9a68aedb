import { CorrectedClock } from '../corrected-clock.ts';
import { lightOf } from './described.ts';
import type { SessionFacts } from './session-facts.ts';

/** What a session can't tell whoever reads its light, each in a sentence. */
export function lacksOf(session: SessionFacts): string[] {
  const { units, factor, collector } = lightOf(session.detail);
  const steps = session.byWallClock ? new CorrectedClock(session).stepCount : 0;
  const damage = session.detail.summary.damage ?? [];
  return [
    ...damage.map(({ detail }) => detail),
    ...(units === null ? ['The sensor told no unit: values are its own numbers.'] : []),
    ...(units !== null && factor === null
      ? [`Its unit "${units}" can not be turned into mol m-2 s-1.`]
      : []),
    ...(collector === null ? ['Whether the collector is flat or spherical is not known.'] : []),
    ...(steps > 0
      ? [
          `The clock was set ${steps} times, and rows without elapsed_s can not be put right for it.`,
        ]
      : []),
    'There are no quality flags: none are made by this recorder.',
  ];
}
