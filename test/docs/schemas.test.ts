import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EVENT_KINDS } from '../../shared/events.ts';
import { fileSchema, SCHEMA_NAMES } from '../../shared/file-schemas.ts';
import { eventsOf } from '../faults/recorded.ts';
import { temporaryFolder } from '../support/server.ts';
import { recordEventfully } from './eventful.ts';
import { faultsOf, SCHEMAS, validator } from './files.ts';

const FAST = {
  SERIAL_PORT: 'sim:burst=0,speed=10,baud=115200,units=umol/(m2 s)',
  SERIAL_BAUD: '115200',
  MAVLINK2REST_URL: 'sim:',
};

test('the schemas in docs/ are those of the service (npm run schemas writes them)', async () => {
  const file = (name: string) => `${name}.schema.json`;
  expect((await readdir(SCHEMAS)).sort()).toEqual(SCHEMA_NAMES.map(file).sort());
  for (const name of SCHEMA_NAMES) {
    expect(await readFile(join(SCHEMAS, file(name)), 'utf8')).toBe(fileSchema(name));
  }
});

test('every file of an eventful recording is as its schema says', async () => {
  const root = await temporaryFolder();
  const plan = { env: FAST, chunkIntervalS: 1, rows: 30 };
  const { session } = await recordEventfully(root, plan);
  expect(await faultsOf(session.storage_path)).toEqual([]);
  expect(await readdir(session.storage_path)).toContain('vehicle_manifest.jsonl');
  const kinds = (await eventsOf(session.storage_path)).map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining([
      ...['recording_started', 'sync_marker', 'clock_step', 'acquisition_paused', 'marker'],
      ...['readings_resumed', 'recording_resumed', 'recording_stopped'],
    ]),
  );
  const settings = await validator('settings');
  expect(settings(JSON.parse(await readFile(join(root, 'settings.json'), 'utf8')))).toBe(true);
});

test('a schema takes nothing that the recorder does not write', async () => {
  const event = { timestamp: '2025-11-12T14:30:45.123456Z', elapsed_s: 1, detail: 'x' };
  const events = await validator('events');
  expect(events({ ...event, kind: 'marker' })).toBe(true);
  expect(events({ ...event, kind: 'marker', size: 1 })).toBe(false);
  expect(events({ ...event, kind: 'clock_step' })).toBe(false);
  expect(events({ ...event, kind: 'unheard_of' })).toBe(false);
});

test('the page on the format names every kind of event and its fields', async () => {
  const page = await readFile('docs/recording-format.md', 'utf8');
  for (const [kind, { fields }] of Object.entries(EVENT_KINDS)) {
    const line = page.split('\n').find((text) => text.startsWith(`| \`${kind}\` |`));
    expect(line, kind).toBeDefined();
    for (const field of Object.keys(fields)) expect(line).toContain(`\`${field}\``);
  }
});
