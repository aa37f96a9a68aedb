import { MISSING, NOT_KNOWN } from './header.ts';

/** Headers without which SeaBASS refuses a file. */
const REQUIRED = [
  ...['investigators', 'affiliations', 'contact', 'experiment', 'cruise', 'data_file_name'],
  ...['documents', 'calibration_files', 'data_type', 'start_date', 'end_date', 'start_time'],
  ...['end_time', 'north_latitude', 'south_latitude', 'east_longitude', 'west_longitude'],
  ...['water_depth', 'missing', 'delimiter', 'fields', 'units'],
];
/** Headers that it misses, and says so. */
const WANTED = [
  'station',
  'data_status',
  'secchi_depth',
  'cloud_percent',
  'wave_height',
  'wind_speed',
];
const FIRST_YEAR = '1975';

/** What of a file breaks the rules of SeaBASS, each in a sentence; told of the text alone. */
export function brokenRules(text: string): string[] {
  const lines = text.trimEnd().split('\n');
  const end = lines.indexOf('/end_header');
  if (lines[0] !== '/begin_header' || end < 0) return ['The header does not begin and end.'];
  const entries = lines.slice(1, end).filter((line) => line.startsWith('/'));
  const header = new Map(entries.map(entryOf));
  return [
    ...entries.filter((line) => /\s/.test(line)).map((line) => `A blank stands in "${line}".`),
    ...REQUIRED.filter((key) => isOpen(header, key)).map((key) => `/${key} is needed.`),
    ...WANTED.filter((key) => isOpen(header, key)).map((key) => `/${key} is wanted.`),
    ...orderRules(header),
    ...rowRules(header, lines.slice(end + 1)),
  ];
}

function entryOf(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(1, at), line.slice(at + 1)];
}

const isOpen = (header: ReadonlyMap<string, string>, key: string) =>
  [undefined, '', NOT_KNOWN].includes(header.get(key));

function orderRules(header: ReadonlyMap<string, string>): string[] {
  const degrees = (key: string) => Number.parseFloat(header.get(key) ?? '');
  const moment = (which: string) => `${header.get(`${which}_date`)}${header.get(`${which}_time`)}`;
  const rules: [isBroken: boolean, words: string][] = [
    [degrees('south_latitude') > degrees('north_latitude'), 'South lies north of north.'],
    [degrees('west_longitude') > degrees('east_longitude'), 'West lies east of east.'],
    [moment('start') > moment('end'), 'It ends before it starts.'],
    [(header.get('start_date') ?? '') < FIRST_YEAR, 'It starts before 1975: the clock was wrong.'],
    [
      lengthOf(header, 'investigators') !== lengthOf(header, 'affiliations'),
      'Each investigator needs an affiliation.',
    ],
    [lengthOf(header, 'fields') !== lengthOf(header, 'units'), 'Each field needs a unit.'],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, words]) => words);
}

const lengthOf = (header: ReadonlyMap<string, string>, key: string) =>
  (header.get(key) ?? '').split(',').length;

function rowRules(header: ReadonlyMap<string, string>, rows: readonly string[]): string[] {
  const fields = (header.get('fields') ?? '').split(',');
  const cells = rows.map((row) => row.split(',').map(Number));
  const broken = cells.findIndex(
    (row) => row.length !== fields.length || row.some((value) => Number.isNaN(value)),
  );
  const negative = cells.findIndex((row) => row.some((value) => value < 0 && value !== MISSING));
  return [
    ...(rows.length === 0 ? ['There is no row of data.'] : []),
    ...(broken >= 0 ? [`Row ${broken + 1} is not ${fields.length} numbers.`] : []),
    ...(negative >= 0 ? [`Row ${negative + 1} has a negative depth or light.`] : []),
  ];
}
