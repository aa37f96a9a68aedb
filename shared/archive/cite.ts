import { titleOf } from './described.ts';
import { oneLine } from './prose.ts';
import type { SessionFacts } from './session-facts.ts';

/** How the session is named in a list of references, and what whoever cites it has to add. */
export function citation({ detail }: SessionFacts): { text: string; lacks: string[] } {
  const { session_id, start_time, sensor_id } = detail.summary;
  const serial = sensor_id === null ? '' : `, serial number ${oneLine(sensor_id)}`;
  const version = detail.metadata['software_version'];
  const software = typeof version === 'string' ? `, qsensor-recorder ${oneLine(version)}` : '';
  return {
    text:
      `[authors] (${start_time.slice(0, 4)}): ${oneLine(titleOf(detail))}. Underwater light (PAR), ` +
      `Biospherical Q-Series sensor${serial}${software}. Session ${session_id}.`,
    lacks: ['Put in for [authors] who recorded it: this file does not know.'],
  };
}
