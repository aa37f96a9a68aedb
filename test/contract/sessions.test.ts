import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { ArchiveState } from '../../shared/api/archive.ts';
import type { Report } from '../../shared/api/report.ts';
import type { SessionSummary } from '../../shared/session.ts';
import { temporaryFolder } from '../support/server.ts';
import { unzipped } from '../support/unzip.ts';
import { Contract, recorded } from './contract.ts';

const UNKNOWN = '11111111-1111-4111-8111-111111111111';

interface List {
  sessions: SessionSummary[];
  total: number;
}

test('sessions are listed, shown, plotted, exported and deleted', async () => {
  const vehicle = await Contract.start();
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const id = await recorded(vehicle);
    ids.unshift(id);
    if (count < 2) await vehicle.post('/record/stop', { session_id: id });
  }
  const [running = '', newest = '', oldest = ''] = ids;
  const list = async (query = '') => (await vehicle.get<List>(`/sessions${query}`)).body;
  expect((await list()).sessions.map(({ session_id }) => session_id)).toEqual(ids);
  const page = await list('?offset=1&limit=1');
  expect(page).toMatchObject({ total: 3, sessions: [{ session_id: newest, mission: 'Reef 7' }] });
  for (const query of ['?limit=0', '?limit=501', '?offset=-1', '?offset=x']) {
    await vehicle.refused('GET', `/sessions${query}`, [400, 'bad_request']);
  }
  const detail = (await vehicle.get(`/sessions/${running}`)).body;
  expect(detail).toMatchObject({
    summary: { state: 'recording' },
    metadata: { mission: 'Reef 7' },
  });
  const { body: preview } = await vehicle.get<{ count: number[]; total_rows: number }>(
    `/sessions/${newest}/preview?points=10`,
  );
  expect(preview.count.reduce((sum, count) => sum + count, 0)).toBe(preview.total_rows);
  expect(preview.count.length).toBeLessThanOrEqual(10);
  await vehicle.refused('GET', `/sessions/${newest}/preview?points=1`, [400, 'bad_request']);
  await vehicle.refused('GET', `/sessions/${newest}/export?format=xml`, [400, 'bad_request']);
  for (const path of ['', '/preview', '/export?format=zip']) {
    await vehicle.refused('GET', `/sessions/${UNKNOWN}${path}`, [404, 'session_not_found']);
  }
  await checkAnnotations(vehicle, newest);
  await vehicle.refused('DELETE', `/sessions/${UNKNOWN}`, [404, 'session_not_found']);
  await vehicle.refused('DELETE', `/sessions/${running}`, [400, 'session_active']);
  const deleted = { status: 'deleted', session_id: oldest };
  expect((await vehicle.call('DELETE', `/sessions/${oldest}`)).body).toEqual(deleted);
  await vehicle.refused('GET', `/sessions/${oldest}`, [404, 'session_not_found']);
  expect((await list()).sessions.map(({ session_id }) => session_id)).toEqual([running, newest]);
});

test('a session has the same rows in every format, also while it is recorded', async () => {
  const vehicle = await Contract.start();
  const id = await recorded(vehicle, 2);
  const live = await vehicle.get<string>(`/sessions/${id}/export?format=csv`);
  expect(live.body.split('\n').length).toBeGreaterThan(5);
  const { body } = await vehicle.post('/record/stop', { session_id: id });
  const rows = Number(body['total_rows']);
  const told: Record<string, unknown> = {};
  const bytes = async (format: string) => {
    const path = `/sessions/${id}/export?format=${format}`;
    const answer = await fetch(`${vehicle.server.base}${path}`);
    const header = (name: string) => answer.headers.get(name);
    expect(header('content-disposition')).toMatch(/^attachment; filename="Reef_7_/);
    told[format] = [header('content-length'), header('x-row-count')];
    return Buffer.from(await answer.arrayBuffer());
  };
  const lines = async (format: string) =>
    String(await bytes(format))
      .trimEnd()
      .split('\n').length;
  expect(await lines('jsonl')).toBe(rows);
  expect(await lines('csv')).toBe(rows + 1);
  expect(String((await bytes('parquet')).subarray(0, 4))).toBe('PAR1');
  const seabass = `/sessions/${id}/export?format=seabass`;
  await vehicle.refused('GET', seabass, [400, 'nothing_recorded']);
  await checkZip(await bytes('zip'), Number(body['final_chunk_count']));
  const netcdf = await bytes('netcdf');
  expect(String(netcdf.subarray(0, 3))).toBe('CDF');
  const stored = await bytes('zip&compress=false');
  await checkZip(stored, Number(body['final_chunk_count']));
  // A client behind HTTP/1.0 sees no end of an answer but that of its connection.
  expect(told).toEqual({
    jsonl: [String((await bytes('jsonl')).length), String(rows)],
    csv: [null, String(rows)],
    parquet: [null, String(rows)],
    zip: [null, String(rows)],
    'zip&compress=false': [String(stored.length), String(rows)],
    netcdf: [String(netcdf.length), String(rows)],
  });
});

/** What is said of a session stands with it, with what was said before. */
async function checkAnnotations(vehicle: Contract, id: string): Promise<void> {
  const path = `/sessions/${id}/annotations`;
  const said = { kind: 'note', value: { text: 'Kelp' }, author: 'Ana' };
  const { body: line } = await vehicle.post(path, said);
  expect(line).toMatchObject({ ...said, key: 'note', reason: null });
  await vehicle.post(path, { kind: 'note', value: null, reason: 'Sand after all' });
  const { body } = await vehicle.get<{ history: unknown[] }>(path);
  expect(body).toMatchObject({ annotations: [], damaged_lines: 0 });
  expect(body.history).toMatchObject([line, { value: null }]);
  const deployment = { kind: 'deployment', value: { cruise: 'Kelp 7' } };
  const before = await vehicle.get<ArchiveState>(`/sessions/${id}/archive`);
  await vehicle.post(path, deployment);
  const after = await vehicle.get<ArchiveState>(`/sessions/${id}/archive`);
  expect(after.body.deployment).toMatchObject({ cruise: 'Kelp 7', title: null });
  expect(after.body.lacks).toHaveLength(before.body.lacks.length - 1);
  const { body: report } = await vehicle.get<Report>(`/sessions/${id}/report.json`);
  expect(report).toMatchObject({ session_id: id, deployment: { cruise: 'Kelp 7' } });
  const page = await fetch(`${vehicle.server.base}/sessions/${id}/report`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toContain(report.citation);
  await vehicle.refused('POST', path, [400, 'bad_request'], {
    ...deployment,
    value: { water_depth_m: 'deep' },
  });
  for (const wrong of [{ value: { text: 3 } }, { value: 'x' }, { kind: 'x' }, { more: 1 }]) {
    await vehicle.refused('POST', path, [400, 'bad_request'], { ...said, ...wrong });
  }
  for (const method of ['GET', 'POST']) {
    const body = method === 'POST' ? said : undefined;
    const unknown = `/sessions/${UNKNOWN}/annotations`;
    await vehicle.refused(method, unknown, [404, 'session_not_found'], body);
  }
}

/** Unpacked, and checked as a person would. */
async function checkZip(zip: Buffer, chunks: number): Promise<void> {
  const folder = await temporaryFolder();
  for (const [name, content] of unzipped(zip)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const [session = ''] = await readdir(folder);
  const cwd = join(folder, session);
  const { stdout } = await promisify(execFile)('sha256sum', ['-c', 'MANIFEST.sha256'], { cwd });
  expect(stdout.match(/chunk_\d{5}\.jsonl: OK/g)).toHaveLength(chunks);
  expect(stdout).toContain('README.txt: OK\nschema/chunk.schema.json: OK\n');
  const readme = await readFile(join(cwd, 'README.txt'), 'utf8');
  for (const name of (await readdir(cwd)).filter((one) => /^[a-z]+\./i.test(one))) {
    if (name !== 'README.txt') expect(readme).toContain(`  ${name} `);
  }
}
