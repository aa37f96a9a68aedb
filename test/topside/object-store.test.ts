import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import S3rver from 's3rver';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { readOptions } from '../../topside/cli/args.ts';
import { mirror } from '../../topside/cli/mirror-command.ts';
import type { MirrorOptions } from '../../topside/options.ts';
import { temporaryFolder } from '../support/server.ts';
import { Remote, type RemoteSession, rowLine } from './remote.ts';

let remote: Remote;
let port: number;
let base: URL;
let out: string;
let stored: string;
let front: Server;
/** Answers in the store's place: true where it did. */
let breaks: (request: IncomingMessage, response: ServerResponse) => boolean;

async function startStore(): Promise<void> {
  const buckets = [{ name: 'fleet', configs: [] }];
  const options = { address: '127.0.0.1', silent: true, directory: stored };
  const store = new S3rver({ ...options, configureBuckets: buckets });
  await store.configureBuckets();
  const serve = store.callback();
  front = createServer((request, response) => {
    if (!breaks(request, response)) serve(request, response);
  });
  await once(front.listen(port, '127.0.0.1'), 'listening');
  ({ port } = front.address() as AddressInfo);
}

async function stopStore(): Promise<void> {
  front.closeAllConnections();
  await once(front.close(), 'close');
}

/** An answer as S3 gives it. */
function refuse(response: ServerResponse, status: number, code: string): true {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is so.</Message></Error>`;
  response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);
  return true;
}

beforeEach(async () => {
  remote = new Remote();
  base = await remote.start();
  [out, stored, port] = [await temporaryFolder(), await temporaryFolder(), 0];
  breaks = () => false;
  await startStore();
  vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await remote.stop();
    await stopStore();
  });
});

function run(...more: string[]): Promise<number> {
  return started('--once', '--give-up', '0', ...more).ended;
}

function started(...more: string[]) {
  const args = [
    base.href,
    '--out',
    out,
    '--vehicle',
    'rov 7',
    '--json',
    '--to',
    's3://fleet/light',
  ];
  const options = readOptions([...args, ...more]) as MirrorOptions;
  const stopping = new AbortController();
  let told = '';
  const write = (text: string) => {
    told += text;
  };
  const ended = mirror(options, { write }, stopping.signal);
  return { ended, told: () => told, stop: () => stopping.abort() };
}

interface Stored {
  text: string;
  sha256: string | undefined;
}

/** Every object by its key, over the store's own protocol. */
async function objects(): Promise<Map<string, Stored>> {
  const client = new S3Client({ forcePathStyle: true });
  const listed = await client.send(new ListObjectsV2Command({ Bucket: 'fleet' }));
  const all = new Map<string, Stored>();
  for (const { Key = '' } of listed.Contents ?? []) {
    const got = await client.send(new GetObjectCommand({ Bucket: 'fleet', Key }));
    const text = (await got.Body?.transformToString()) ?? '';
    all.set(Key, { text, sha256: got.Metadata?.['sha256'] });
  }
  client.destroy();
  return all;
}

/** Other bytes that claim to be the chunk: sent again, they would be gone. */
async function mark(key: string, sha256 = ''): Promise<void> {
  const client = new S3Client({ forcePathStyle: true });
  const object = { Bucket: 'fleet', Key: key, Body: 'marked', Metadata: { sha256 } };
  await client.send(new PutObjectCommand(object));
  client.destroy();
}

function keysOf(session: RemoteSession): string {
  return `light/vehicle=rov%207/date=2025-11-12/session=${session.id}/`;
}

async function expectStored(session: RemoteSession): Promise<void> {
  const all = await objects();
  for (const [name, text] of Object.entries(session.disk())) {
    const sha256 = createHash('sha256').update(text).digest('hex');
    expect(all.get(keysOf(session) + name)).toMatchObject({ text, sha256 });
  }
}

test('every file goes into the store, with its SHA-256, and none of it twice', async () => {
  const session = remote.add(3);
  expect(await run()).toBe(0);
  await expectStored(session);
  await mark(`${keysOf(session)}chunk_00000.jsonl`, session.chunks[0]?.sha256);
  session.seal();
  session.state = 'complete';
  expect(await run()).toBe(0);
  const after = await objects();
  expect(after.get(`${keysOf(session)}chunk_00003.jsonl`)?.text).not.toBe('');
  expect(after.has(`${keysOf(session)}session.csv`)).toBe(true);
  expect(after.get(`${keysOf(session)}chunk_00000.jsonl`)?.text).toBe('marked');
});

test('a mirror that was made without it is brought into the store later', async () => {
  const session = remote.add(2);
  session.state = 'complete';
  const options = readOptions([base.href, '--out', out, '--once']) as MirrorOptions;
  await mirror(options, { write: () => true }, new AbortController().signal);
  expect(await run()).toBe(0);
  await expectStored(session);
});

test('what the vehicle said goes up once, when the session has ended', async () => {
  const session = remote.add(1);
  session.sealVehicle();
  expect(await run()).toBe(0);
  expect([...(await objects()).keys()].join()).not.toContain('vehicle.jsonl');
  session.sealVehicle();
  session.state = 'complete';
  expect(await run()).toBe(0);
  await expectStored(session);
  expect((await objects()).has(`${keysOf(session)}vehicle.jsonl`)).toBe(true);
});

test('a chunk of several parts arrives whole', async () => {
  const session = remote.add(0);
  session.seal(80_000);
  expect(session.chunks[0]?.size_bytes).toBeGreaterThan(8 * 1024 * 1024);
  expect(await run()).toBe(0);
  await expectStored(session);
});

test('a store that is away does not keep chunks from the disk; later it gets them', async () => {
  const session = remote.add(2);
  await stopStore();
  await expect(run()).rejects.toMatchObject({ exitCode: 7 });
  await startStore();
  remote.requests.length = 0;
  expect(await run()).toBe(0);
  expect(remote.fileRequests('.jsonl')).toEqual([]);
  await expectStored(session);
});

test('a bucket that is not there is told of', async () => {
  remote.add(1);
  await expect(run('--to', 's3://elsewhere')).rejects.toThrow('NoSuchBucket');
  expect(remote.fileRequests('.jsonl')).toHaveLength(1);
});

test('a store in trouble is tried again until that passes', async () => {
  const session = remote.add(1);
  const statuses = [408, 503, 429, 507];
  breaks = ({ method }, response) => {
    const status = method === 'PUT' ? statuses.shift() : undefined;
    return status !== undefined && refuse(response, status, 'Trouble');
  };
  expect(await run('--give-up', '30')).toBe(0);
  expect(statuses).toEqual([]);
  await expectStored(session);
});

test('credentials that expire hold up neither chunks nor rows, and are read anew', async () => {
  const session = remote.add(1);
  const file = join(await temporaryFolder(), 'credentials');
  const write = (token: string) =>
    writeFile(
      file,
      `[default]\naws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n` +
        `aws_session_token = ${token}\n`,
    );
  await write('old');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  breaks = ({ headers, method }, response) => {
    if (headers['x-amz-security-token'] !== 'old') return false;
    return method === 'HEAD'
      ? Boolean(response.writeHead(400).end())
      : refuse(response, 400, 'ExpiredToken');
  };
  const { ended, told, stop } = started();
  await expect.poll(told).toContain('ExpiredToken');
  session.seal();
  session.record(1);
  const here = (name: string) => readFile(join(out, session.id, name), 'utf8').catch(() => '');
  await expect.poll(() => here('chunk_00001.jsonl')).not.toBe('');
  await expect.poll(() => here('tail.jsonl'), { timeout: 5000 }).not.toBe('');
  await write('new');
  await expect.poll(told, { timeout: 10_000 }).toContain('object store is back');
  stop();
  await expect(ended).rejects.toThrow('aborted');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
  expect(await run()).toBe(0);
  await expectStored(session);
});

test('where HEAD is forbidden, files are sent', async () => {
  const session = remote.add(2);
  breaks = ({ method }, response) => method === 'HEAD' && Boolean(response.writeHead(403).end());
  expect(await run()).toBe(0);
  await expectStored(session);
});

test('a store that knows no checksum headers gets its files without them', async () => {
  const session = remote.add(1);
  session.seal(80_000);
  session.state = 'complete';
  const checksums = ({ headers }: IncomingMessage) =>
    Object.keys(headers).some((name) => /^x-amz-(checksum|sdk-checksum|trailer)/.test(name));
  breaks = (request, response) => {
    return checksums(request) && refuse(response, 501, 'NotImplemented');
  };
  const { ended, told } = started('--once', '--give-up', '0');
  expect(await ended).toBe(0);
  expect(told()).toContain('takes no checksum headers');
  breaks = () => false;
  await expectStored(session);
});

test('no checksum header is sent where the settings of AWS want none', async () => {
  remote.add(1).seal(80_000);
  vi.stubEnv('AWS_REQUEST_CHECKSUM_CALCULATION', 'WHEN_REQUIRED');
  breaks = ({ headers }, response) =>
    JSON.stringify(headers).includes('checksum') && refuse(response, 400, 'InvalidRequest');
  expect(await run()).toBe(0);
});

/** What is in the bucket below the prefix of the documentation, as files. */
async function bucketAsFolder(): Promise<string> {
  const folder = await temporaryFolder();
  for (const [key, { text }] of await objects()) {
    const path = join(folder, key.replace('light/', 'prefix/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return folder;
}

/** The queries that a page of the documentation shows, over that folder. */
async function documentedQueries(page: string, folder: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const queries = [...text.matchAll(/```sql\n(.*?)```/gs)].map(([, query = '']) => query);
  return queries.map((query) => query.replaceAll('s3://bucket', folder));
}

test('the queries of the documentation give what was recorded', async () => {
  const [first, second, survey] = [remote.add(2, 10), remote.add(1, 5), remote.add(0)];
  const marker = rowLine(2).replace(
    /"mode":"\w+","value":[^,]+/,
    '"mode":"SYNC_START","value":"a1"',
  );
  second.sealLines([rowLine(0, '1689.4'), rowLine(1, '999.97'), marker]);
  second.start = '2025-11-13T00:00:00.000000Z';
  survey.sealCsv('2025-11-12T14:30:45.000000+00:00,S,freerun,1.5,,');
  survey.sealCsv('2025-11-12T14:30:46.000000+00:00,S,SYNC_START,3e5ad1f4,,');
  expect(await run()).toBe(0);
  const folder = await bucketAsFolder();
  const duck = await (await DuckDBInstance.create()).connect();
  const answer = async (query: string) => (await duck.runAndReadAll(query)).getRowsJson();

  const documented = await documentedQueries('docs/topside.md', folder);
  const [readings = '', markers = ''] = documented;
  expect(await answer(readings)).toEqual([
    ['rov 7', '2025-11-12', '20', 19.000066],
    ['rov 7', '2025-11-13', '7', 1689.4],
  ]);
  expect(await answer(markers)).toEqual([
    ['rov 7', survey.id, 'SYNC_START', '1'],
    ['rov 7', survey.id, 'freerun', '1'],
  ]);
  for (const query of await documentedQueries('README.md', folder)) {
    expect(await answer(query)).toEqual(await answer(readings));
  }
  const ids = readings.replace('vehicle, date', 'session').replace('ORDER BY date', '');
  const sessions = (await answer(ids)).map(([session]) => session);
  expect(sessions.sort()).toEqual([first.id, second.id].sort());
});
