import { expect, test } from 'vitest';
import { machineTime, SystemClock } from '../../server/clock.ts';
import type { Services } from '../../server/control/services.ts';
import { openApiDocument } from '../../server/http/openapi.ts';
import { buildRouter } from '../../server/http/server.ts';
import { api } from '../../shared/api/index.ts';
import { STREAM_PATHS } from '../../shared/api/stream.ts';
import { addressesOf, Contract, type OpenApi } from './contract.ts';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
}

/** Parts of pages, which are no part of the API. */
const OF_PAGES = /^\/(widget|docs\/.+)$/;

const document = openApiDocument(api, '1.2.3') as unknown as OpenApi;

/** Fields whose name says the unit, and what their description has to say of it. */
const UNITS: [RegExp, RegExp][] = [
  [/_s$/, /second|period|how far back/i],
  [/_hz$/, /hz|queries a second/i],
  [/_bytes$/, /bytes|disk_reserve_bytes/i],
  [/_v$/, /volt/i],
  [/_c$/, /degrees C/],
];

test('every parameter and field is described, with its unit', () => {
  const bare = [...fields(document)].filter(([, text]) => text === undefined || text.length < 5);
  expect(bare.map(([name]) => name)).toEqual([]);
  const unitless = [...fields(document)].filter(([name, text = '']) =>
    UNITS.some(([suffix, unit]) => suffix.test(name) && !unit.test(text)),
  );
  expect(unitless).toEqual([]);
});

test('every operation has a summary, and every error a cause', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      expect([path, method, operation]).toMatchObject([path, method, { summary: /./ }]);
      for (const [status, { description }] of Object.entries(operation.responses)) {
        if (Number(status) >= 400) expect(description).toMatch(/`[a-z_]+`: \w+/);
      }
    }
  }
});

test('whoever asks every address just as it stands, as BlueOS does each minute, is given no file and no stream', async () => {
  const { server } = await Contract.start();
  await server.post('/recording/start', {});
  const { body } = await server.post<{ session_id: string }>('/record/start', {});
  const kept = async () => (await server.call('/stats')).body['row_count'];
  await expect.poll(kept).toBeGreaterThan(20);
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!('get' in methods)) continue;
    const answer = await fetch(server.base + path, { headers: { 'Accept-Encoding': 'gzip' } });
    const { length } = await answer.text();
    // What support asks for is a file too, but a page of text.
    const isFile = path !== '/diagnostics' && answer.headers.has('content-disposition');
    expect([path, isFile, length < 300_000]).toEqual([path, false, true]);
  }
  await server.post('/record/stop', body);
});

test('the router has the routes of the document, and no others', () => {
  const routes = buildRouter(withoutServices()).stack.flatMap(({ path, methods }) =>
    typeof path === 'string' && !OF_PAGES.test(path)
      ? methods.map((method) => `${method} ${path}`)
      : [],
  );
  const served = routes.filter((route) => !route.startsWith('HEAD '));
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      addressesOf(path, { [method]: operation }).map(
        (address) => `${method.toUpperCase()} ${address.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    ),
  );
  expect(served.sort()).toEqual(documented.sort());
});

test('the published document is this one, at one address alone, and answers wrong methods', async () => {
  const { document: published, server } = await Contract.start();
  expect(published.paths).toEqual(JSON.parse(JSON.stringify(document.paths)));
  for (const path of ['/docs.json', '/swagger.json']) {
    expect([path, (await server.call(path)).status]).toEqual([path, 404]);
  }
  for (const path of STREAM_PATHS) expect(JSON.stringify(published)).toContain(`\`${path}\``);
  for (const [template, methods] of Object.entries(published.paths)) {
    const path = template.replaceAll(/\{\w+\}/g, 'none');
    const answer = await server.call<{ code: string }>(path, { method: 'PATCH' });
    expect([path, answer.status, answer.body.code]).toEqual([path, 405, 'method_not_allowed']);
    const allowed = (answer.headers.get('allow') ?? '').split(', ');
    for (const method of Object.keys(methods)) expect(allowed).toContain(method.toUpperCase());
  }
});

/** Routes are put on the router without being called. */
function withoutServices(): Services {
  const build = { version: '1.2.3', git: 'none', openApi: '{}', registerService: {} };
  return { build, clock: new SystemClock(machineTime()) } as unknown as Services;
}

function* fields(document: OpenApi): Generator<[string, string | undefined]> {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { parameters, requestBody, responses }] of Object.entries(methods)) {
      const where = `${method} ${path}`;
      for (const { name, description } of parameters) yield [`${where} ?${name}`, description];
      const contents = [requestBody?.content, ...Object.values(responses).map((r) => r.content)];
      for (const content of contents) yield* inside(where, content?.['application/json']?.schema);
    }
  }
}

function* inside(where: string, schema?: Schema): Generator<[string, string | undefined]> {
  if (schema === undefined) return;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    yield [`${where} .${name}`, described(field)];
    yield* inside(`${where} .${name}`, field);
  }
  yield* inside(`${where} []`, schema.items);
  for (const part of [...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) yield* inside(where, part);
}

/** A field that may be null says it itself, or the other form does. */
function described({ description, anyOf }: Schema): string | undefined {
  return description ?? anyOf?.find((part) => part.description)?.description;
}
