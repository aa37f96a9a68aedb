import { z } from 'zod';
import { isDownload, type Route } from '../../shared/api/route.ts';
import { ERROR_STATUS, type ErrorCode } from '../../shared/errors.ts';

type Json = Record<string, unknown>;

/** Any call may meet these, besides what its route lists. */
const COMMON_ERRORS: readonly ErrorCode[] = ['bad_request', 'internal_error'];
const BODY_ERRORS: readonly ErrorCode[] = [
  'malformed_json',
  'body_too_large',
  'unsupported_content_type',
];

const ERROR_BODY: Json = {
  type: 'object',
  required: ['detail', 'code'],
  properties: {
    detail: { type: 'string', description: 'One sentence a person can act on' },
    code: { type: 'string', description: 'Stable name of the error' },
  },
};

const STREAM_TEXT = [
  'WebSocket `/stream` (also `/sensor/stream`): one JSON row for every reading, in order.',
  'With `?batch_ms=100` (20 to 1000): arrays of rows at that interval.',
  'A client that does not keep up is closed with code 4008.',
  'Addresses are relative to where the service is found; times are UTC.',
].join('\n\n');

/** OpenAPI 3.1 of all routes. Shapes, units and errors come from the schemas in shared/. */
export function openApiDocument(routes: Record<string, Route>, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes)) {
    for (const [alias, path] of [route.path, ...(route.aliases ?? [])].entries()) {
      const id = alias === 0 ? name : `${name}_${alias}`;
      paths[path] = { ...paths[path], [route.method]: operation(id, route) };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Q-Series light sensor recorder', version, description: STREAM_TEXT },
    servers: [{ url: '.' }],
    paths,
    components: { schemas: { Error: ERROR_BODY } },
  };
}

function operation(operationId: string, route: Route): Json {
  const { tag, summary, description } = route;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body ? { requestBody: requestBody(route.body) } : {}),
    responses: { 200: success(route), ...failures(route) },
  };
}

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...rest } = jsonSchema(field as z.ZodType, 'input');
    const required = where === 'path' || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: where, required, ...(description ? { description } : {}), schema: rest };
  });
}

function requestBody(body: z.ZodType): Json {
  return {
    required: false,
    content: { 'application/json': { schema: jsonSchema(body, 'input') } },
  };
}

function success(route: Route): Json {
  const { reply } = route;
  if (!isDownload(reply)) {
    const schema = jsonSchema(reply, 'output');
    return { description: 'OK', content: { 'application/json': { schema } } };
  }
  const binary = { schema: { type: 'string', format: 'binary' } };
  const content = Object.fromEntries(reply.contentTypes.map((type) => [type, binary]));
  return { description: reply.description, content };
}

function failures(route: Route): Json {
  const codes = [...route.errors, ...COMMON_ERRORS, ...(route.body ? BODY_ERRORS : [])];
  const statuses = [...new Set(codes.map((code) => ERROR_STATUS[code]))];
  return Object.fromEntries(
    statuses.map((status) => {
      const names = codes.filter((code) => ERROR_STATUS[code] === status);
      const schema = { $ref: '#/components/schemas/Error' };
      return [
        status,
        { description: names.join(', '), content: { 'application/json': { schema } } },
      ];
    }),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
