import { toneOf } from '../event-tones.ts';
import { citation } from './cite.ts';
import { lightOf, titleOf } from './described.ts';
import { FILE_KINDS, type FileKind, fieldsOf } from './files.ts';
import { lacksOf } from './lacks.ts';
import { listed, oneLine, paragraph, section, table } from './prose.ts';
import type { SessionFacts } from './session-facts.ts';
import { clockRule, eventNotes, timeNotes } from './times.ts';
import { toldOf, untold } from './told.ts';

export const README = 'README.txt';
/** Folder of the schemas beside it. */
export const SCHEMA_FOLDER = 'schema';

/** How the files are checked: by a list of sums, or by the mirror's own command. */
export type Place = 'archive' | 'mirror';

const VERIFY: Readonly<Record<Place, readonly string[]>> = {
  archive: [
    ...paragraph('In this folder, on Linux, and on a Mac:'),
    ...['', '  sha256sum -c MANIFEST.sha256', '  shasum -a 256 -c MANIFEST.sha256', ''],
    ...paragraph(
      'On Windows, Get-FileHash of PowerShell gives the SHA-256 of a file. The sums of the chunks were taken as they were written on the vehicle.',
    ),
  ],
  mirror: [
    ...paragraph(
      'manifest.jsonl has the SHA-256 of every chunk, as it was taken on the vehicle; `qsensor-mirror verify` with the folder that this one lies in compares them all.',
    ),
  ],
};

/** Explains a folder of a session to somebody who has nothing else; `names` are those of its files. */
export function readme(facts: SessionFacts, names: readonly string[], place: Place): string {
  const kinds = FILE_KINDS.filter(({ isIt }) => names.some(isIt));
  const { detail, events } = facts;
  const title = oneLine(titleOf(detail));
  const gaps = eventNotes(
    facts,
    events.filter(({ kind }) => toneOf(kind) === 'warn'),
  );
  const cite = citation(facts);
  const told = toldOf(facts.deployment);
  const lines = [
    ...[title, '#'.repeat(title.length), ''],
    ...paragraph(
      'Underwater light (PAR), recorded by a Biospherical Q-Series sensor on a vehicle. This file was made from what the session itself says; nothing in it was filled in.',
    ),
    '',
    ...table(inShort(facts)),
    ...(told.length > 0
      ? section('Who and where', listed(told.map((pair) => pair.join(': '))))
      : []),
    ...section('The files', table(kinds.map(({ name, tells }) => [name, tells])), schemas(kinds)),
    ...section('The light', listed(lightNotes(facts))),
    ...section('Times', paragraph(TIMES), paragraph(clockRule(facts)), listed(timeNotes(facts))),
    ...section(
      'Gaps',
      paragraph(
        gaps.length > 0 ? GAPS : 'No event tells of readings, depths or events that are missing.',
      ),
      listed(gaps),
    ),
    ...section('What is lacking', listed([...lacksOf(facts), ...untold(facts.deployment)])),
    ...section('To verify', VERIFY[place]),
    ...section(
      'To cite',
      paragraph(cite.text),
      cite.lacks.flatMap((text) => paragraph(text)),
    ),
    ...kinds.flatMap(fieldSection),
  ];
  return `${lines.join('\n')}\n`;
}

const TIMES =
  'All times are UTC, ISO 8601. timestamp is what the clock of the vehicle said, and was never rewritten. elapsed_s counts seconds since the session began, on a clock that never jumps. A reading was complete at its time, to within some 20 ms; it is the average of the samples before that.';
const GAPS =
  'Readings, depths or events are or may be missing here (times put right as above); events.jsonl has the rest of each event:';

function inShort({ detail: { summary, metadata } }: SessionFacts): [string, string][] {
  const { session_id, state, start_time, end_time, failure } = summary;
  const ended = state !== 'recording';
  const software = metadata['software_version'];
  return [
    ['Session', session_id],
    ['Began', `${start_time}, by the clock of the vehicle`],
    ['Ended', end_time ?? 'not yet: it was being recorded when this was made'],
    ...(ended
      ? ([['Rows', `${summary.total_rows} in ${summary.chunk_count} chunks`]] as const)
      : []),
    ...(failure === null ? [] : ([['Failure', oneLine(failure)]] as const)),
    ['Sensor', summary.sensor_id === null ? 'not known' : oneLine(summary.sensor_id)],
    [
      'Software',
      typeof software === 'string' ? `qsensor-recorder ${oneLine(software)}` : 'not known',
    ],
  ].map(([name = '', text = '']) => [name, text]);
}

function lightNotes({ detail }: SessionFacts): string[] {
  const { units, factor, standardName, collector, immersionFactor } = lightOf(detail);
  return [
    `The unit of value: ${units === null ? 'not told by the sensor' : oneLine(units)}.`,
    ...(factor === null ? [] : [`value times ${factor} is in mol m-2 s-1 (photons).`]),
    ...(collector === null ? [] : [`Collector, by the settings of the recorder: ${collector}.`]),
    ...(standardName === null ? [] : [`CF standard name, under water: ${standardName}.`]),
    ...(immersionFactor === null
      ? []
      : [`Immersion factor that the sensor keeps: ${immersionFactor}. It is not applied.`]),
    'Values stand as the sensor sent them: no dark offset is taken off, nothing is filtered.',
  ];
}

function schemas(kinds: readonly FileKind[]): string[] {
  if (kinds.every(({ schema }) => schema === null)) return [];
  return paragraph(
    `${SCHEMA_FOLDER}/ has a JSON Schema (2020-12) of each that holds JSON: of every field its type, unit and meaning.`,
  );
}

/** The same for every session; each takes its time to make. */
const sections = new Map<FileKind, string[]>();

function fieldSection(kind: FileKind): string[] {
  const { name, fields } = kind;
  if (fields === null) return [];
  const lines = sections.get(kind) ?? section(`Fields of ${name}`, table(fieldsOf(fields)));
  sections.set(kind, lines);
  return lines;
}
