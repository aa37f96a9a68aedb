import { titleOf } from './described.ts';
import { oneLine } from './prose.ts';
import type { SessionFacts } from './session-facts.ts';

const AUTHORS = '[authors]';

/** How the session is named in a list of references, and what whoever cites it has to add. */
export function citation({ detail, deployment }: SessionFacts): { text: string; lacks: string[] } {
  const { session_id, start_time, sensor_id } = detail.summary;
  const { investigators = [], institution = null, license = null } = deployment ?? {};
  const version = detail.metadata['software_version'];
  const authors = investigators.length > 0 ? investigators.join('; ') : AUTHORS;
  const parts = [
    `${authors} (${start_time.slice(0, 4)}): ${deployment?.title ?? titleOf(detail)}.`,
    ...(institution === null ? [] : [`${institution}.`]),
    `Underwater light (PAR), Biospherical Q-Series sensor${sensor_id === null ? '' : `, serial number ${sensor_id}`}.`,
    ...(typeof version === 'string' ? [`Recorded by qsensor-recorder ${version}.`] : []),
    `Session ${session_id}.`,
    ...(license === null ? [] : [`Licence: ${license}.`]),
  ];
  const lacks = [
    ...(authors === AUTHORS ? [`Put in for ${AUTHORS} who recorded it: nobody has said so.`] : []),
    ...(license === null ? ['Nobody has said under which licence it may be used: ask.'] : []),
  ];
  return { text: oneLine(parts.join(' ')), lacks };
}
