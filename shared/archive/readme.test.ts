import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { deployment } from './deployment.ts';
import { explanations } from './explained.ts';
import { FILE_KINDS, fieldsOf } from './files.ts';
import { readme } from './readme.ts';
import type { SessionFacts } from './session-facts.ts';

const NAMES = ['chunk_00000.jsonl', 'metadata.json', 'events.jsonl', 'vehicle.jsonl'];

const facts = (over: Partial<SessionFacts> = {}, metadata = {}): SessionFacts => ({
  detail: {
    summary: {
      ...{ session_id: '3f1c9a52-7c3e-4a53-9d64-0b6f2f0c8a11', state: 'complete' },
      ...{ mission: 'Kelp bed\neast', sensor_id: 'Q0123', failure: null, size_bytes: 1 },
      ...{ start_time: '2025-11-12T14:30:45Z', end_time: '2025-11-12T14:31:45Z' },
      ...{ duration_s: 60, total_rows: 120, chunk_count: 1 },
    },
    metadata: {
      ...{ schema_version: 2, software_version: '0.1.0', collector: 'cosine', cf_factor: 1e-6 },
      ...{ cf_standard_name: 'downwelling_photosynthetic_photon_flux_in_sea_water' },
      ...{ cf_units: 'mol m-2 s-1', cf_note: null },
      sensor: { calibration_units: 'umol/(m2 s)', immersion_factor: 0.99 },
      ...metadata,
    },
  },
  startTime: '2025-11-12T14:30:45Z',
  events: [],
  byWallClock: false,
  deployment: null,
  ...over,
});

const event = (kind: string, elapsed_s: number, more = {}) => ({
  ...{ timestamp: `2025-11-12T14:30:${45 + elapsed_s}Z`, elapsed_s, kind },
  ...{ detail: `What ${kind} tells.`, ...more },
});

/** Lines of one section. */
const part = (text: string, title: string) =>
  text.split(`\n${title}\n`)[1]?.split(/\n\n[^\n]+\n=+\n/)[0] ?? '';

test('a folder explains each of its files and fields, and no others', () => {
  const text = readme(facts(), NAMES, 'archive');
  expect(text.split('\n')[0]).toBe('Kelp bed east');
  for (const name of ['chunk_NNNNN.jsonl', 'metadata.json', 'events.jsonl', 'vehicle.jsonl']) {
    expect(part(text, 'The files')).toContain(`  ${name} `);
    expect(text).toContain(`\nFields of ${name}\n`);
  }
  expect(text).not.toContain('annotations.jsonl');
  expect(part(text, 'Fields of chunk_NNNNN.jsonl')).toMatch(
    /TempC +Sensor temperature in degrees C/,
  );
  expect(part(text, 'Fields of vehicle.jsonl')).toMatch(/eph +Horizontal dilution/);
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
});

test('every field of every file has a meaning', () => {
  const fields = FILE_KINDS.flatMap((kind) => (kind.fields ? fieldsOf(kind.fields) : []));
  expect(fields.filter(([, text]) => text === '')).toEqual([]);
});

test('the light stands in its units, and what is not known is said to be', () => {
  const light = part(readme(facts(), NAMES, 'archive'), 'The light');
  expect(light).toContain('The unit of value: umol/(m2 s).');
  expect(light).toContain('value times 0.000001 is in mol m-2 s-1');
  expect(light).toContain('Immersion factor that the sensor keeps: 0.99. It is not applied.');
  const bare = readme(facts({}, { sensor: {}, schema_version: 1 }), NAMES, 'archive');
  expect(part(bare, 'The light')).toContain('not told by the sensor');
  expect(part(bare, 'The light')).not.toContain('Collector');
  expect(part(bare, 'What is lacking')).toContain('The sensor told no unit');
});

test('times before a step of the clock are told how to put right, and gaps are', () => {
  const events = [
    event('recording_started', 0),
    event('sensor_disconnected', 2),
    event('clock_step', 5, { step_s: 3600 }),
    event('marker', 6),
  ];
  const text = readme(facts({ events }), NAMES, 'archive');
  expect(part(text, 'Times')).toContain('(elapsed_s 5): the clock was set by 3600.000 s.');
  expect(part(text, 'Times')).toContain('add all steps below');
  expect(part(text, 'Gaps')).toContain('2025-11-12T15:30:47.000000Z sensor_disconnected:');
  expect(part(text, 'Gaps')).not.toContain('marker');
  expect(part(readme(facts(), NAMES, 'archive'), 'Gaps')).toContain('No event tells');
  const csv = readme(facts({ events, byWallClock: true }), ['chunk_00000.csv'], 'archive');
  expect(part(csv, 'Times')).toMatch(/can\s+not be put right/);
  expect(csv).not.toContain('Fields of chunk_NNNNN.jsonl');
});

test('where the clock was compared, with whom and by how much it was off is told, and no step', () => {
  const offset = { compared_with: 'client', client: 'deck', offset_s: -2.5, uncertainty_s: 0.02 };
  const events = [event('clock_step', 5, { step_s: 3600 }), event('clock_compared', 8, offset)];
  const oneLine = (over: Partial<SessionFacts>) =>
    part(readme(facts(over), NAMES, 'archive'), 'Times').replaceAll(/\s+/g, ' ');
  const times = oneLine({ events });
  expect(times).toContain('(elapsed_s 8): by the clock of deck -2.500 s, within 0.020 s.');
  expect(times).toContain('plus the elapsed_s of the row');
  expect(times).not.toMatch(/nobody|add all steps/);
  const gps = { ...offset, compared_with: 'autopilot', client: null };
  expect(oneLine({ events: [event('clock_compared', 8, gps)] })).toContain('by the GPS time');
  const csv = oneLine({ events: [event('clock_compared', 8, offset)], byWallClock: true });
  expect(csv).toContain('add its seconds to the time of the row');
  // A row without elapsed_s may be from before a step, or from after it.
  expect(oneLine({ events, byWallClock: true })).toContain('can not be put right');
});

test('a session that is still recorded tells no totals', () => {
  const { detail } = facts();
  const summary = { ...detail.summary, state: 'recording' as const, end_time: null };
  const text = readme(facts({ detail: { ...detail, summary } }), NAMES, 'mirror');
  expect(text).toContain('not yet: it was being recorded');
  expect(text).not.toContain('120 in 1 chunks');
  expect(part(text, 'To verify')).toContain('qsensor-mirror verify');
});

test('it can be cited, and says what whoever cites it has to add', () => {
  const cite = part(readme(facts(), NAMES, 'archive'), 'To cite').replaceAll('\n', ' ');
  expect(cite).toContain('[authors] (2025): Kelp bed east. Underwater light (PAR)');
  expect(cite).toContain('Session 3f1c9a52-7c3e-4a53-9d64-0b6f2f0c8a11.');
  expect(cite).toContain('Put in for [authors]');
  const said = {
    ...{ title: 'Kelp light', investigators: ['A. Lima', 'B. Sá'], license: 'CC-BY-4.0' },
    ...{ institution: 'Marine Lab', water_depth_m: 18 },
  };
  const text = readme(facts({ deployment: deployment.parse(said) }), NAMES, 'archive');
  const told = part(text, 'To cite').replaceAll('\n', ' ');
  expect(told).toContain('A. Lima; B. Sá (2025): Kelp light. Marine Lab. Underwater light');
  expect(told).toContain('Licence: CC-BY-4.0.');
  expect(told).not.toContain('[authors]');
  expect(part(text, 'Who and where')).toContain('- Water depth, m: 18');
  expect(part(text, 'What is lacking')).toContain('Nobody has said: The cruise or campaign.');
});

test('the schemas are those of the files that are there', async () => {
  const names: string[] = [];
  for await (const [name] of explanations(facts(), NAMES, 'archive')) names.push(name);
  expect(names).toEqual([
    ...['README.txt', 'schema/chunk.schema.json', 'schema/metadata.schema.json'],
    ...['schema/events.schema.json', 'schema/vehicle.schema.json'],
  ]);
});

test('whatever metadata and events hold, there is a text of whole lines', () => {
  const json = fc.jsonValue() as fc.Arbitrary<z.core.util.JSONType>;
  const anyEvent = fc.record({
    ...{ timestamp: fc.constant('2025-11-12T14:30:45Z'), elapsed_s: fc.double({ noNaN: true }) },
    ...{ kind: fc.string(), detail: fc.string({ unit: 'binary' }), step_s: json },
  });
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), fc.array(anyEvent), (metadata, events) => {
      const { summary } = facts().detail;
      const text = readme(facts({ detail: { summary, metadata }, events }), NAMES, 'archive');
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    }),
  );
});
