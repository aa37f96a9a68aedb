import { z } from 'zod';
import { ERROR_CAUSE } from '../../shared/api/error-causes.ts';
import { isDownload, type Route } from '../../shared/api/route.ts';
import { STREAM_CLOSE, STREAM_PATHS } from '../../shared/api/stream.ts';
import { ERROR_STATUS, type ErrorCode } from '../../shared/errors.ts';

type Json = Record<string, unknown>;

/** Any call may meet these, besides what its route lists. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'bad_request',
  'forbidden_host',
  'storage_unavailable',
  'internal_error',
];
const CHANGE_ERRORS: readonly ErrorCode[] = ['unauthorized', 'forbidden_origin'];
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

/** Where the service has no API_TOKEN, nothing is asked for. */
const TOKEN_SCHEME: Json = {
  type: 'http',
  scheme: 'bearer',
  description: 'The API_TOKEN of the service; without one set there, no call needs it',
};
const TAKES_TOKEN = [{ apiToken: [] }, {}];

/** Other addresses of a call, for programs. */
const ALIASES = 'x-aliases';
const ANY_JSON = '#/components/schemas/AnyJson';

const TEXT = [
  'Addresses are relative to where the service is found. Times are UTC. Errors are JSON with `detail`, a sentence for people, and `code`, a name for programs; an unknown address is 404 `route_not_found`, a wrong method 405 `method_not_allowed`. Calls that change the state of the sensor take turns, and answer within 30 s.',
  '**A dive in six calls:** `POST /connect` · `POST /config` (if the settings are to change) · `POST /record/start` · `GET /record/snapshots?session_id=...` and `GET /files/{session_id}/{filename}` for each chunk that it lists, as often as you like · `POST /record/stop` with the `session_id` · `GET /sessions/{session_id}/export?format=csv`.',
  `**WebSocket** ${STREAM_PATHS.map((path) => `\`${path}\``).join(' or ')}: one JSON row, as \`GET /latest\` gives it, for every reading, in order. With \`?batch_ms=100\` (20 to 1000): arrays of rows at that interval. Close codes: ${STREAM_CLOSE.tooSlow} the client did not keep up · ${STREAM_CLOSE.badRequest} wrong path or batch_ms · ${STREAM_CLOSE.goingAway} the service stops, connect again.`,
  '**WebSocket** `/cockpit/data-lake`: text messages `variable=value` for Cockpit, at 10 Hz at most.',
].join('\n\n');

/**
 * OpenAPI 3.1 of all routes. Other addresses of a call stand with it and are no paths of their own: BlueOS
 * asks each path once a minute. Shapes, units and errors come from the schemas in shared/. */
export function openApiDocument(routes: Record<string, Route>, version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: 'Q-Series light sensor recorder', version, description: TEXT },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '.' }],
    paths,
    components: {
      schemas: { Error: ERROR_BODY, AnyJson: { description: 'Any JSON value' } },
      securitySchemes: { apiToken: TOKEN_SCHEME },
    },
  };
}

function operation(operationId: string, route: Route): Json {
  const { tag, summary, aliases = [] } = route;
  const also = aliases.map((path) => `Also at \`${path}\`.`);
  const description = [route.description ?? [], also].flat().join(' ');
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description ? { description } : {}),
    ...(aliases.length > 0 ? { [ALIASES]: aliases } : {}),
    security: route.method === 'get' ? [] : TAKES_TOKEN,
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body ? { requestBody: requestBody(route.body) } : {}),
    responses: { 200: success(route), ...otherReplies(route), ...failures(route) },
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
  const content = Object.fromEntries(
    reply.contentTypes.map((type) => [type, { schema: downloadSchema(type) }]),
  );
  return { description: reply.description, content };
}

function downloadSchema(contentType: string): Json {
  return contentType === 'application/json' ? {} : { type: 'string', format: 'binary' };
}

function otherReplies({ otherReplies = {} }: Route): Json {
  const entries = Object.entries(otherReplies);
  return Object.fromEntries(entries.map(([status, description]) => [status, { description }]));
}

function failures(route: Route): Json {
  const codes = errorCodes(route);
  const statuses = [...new Set(codes.map((code) => ERROR_STATUS[code]))];
  return Object.fromEntries(
    statuses.map((status) => {
      const names = codes.filter((code) => ERROR_STATUS[code] === status);
      const description = names.map((code) => `\`${code}\`: ${ERROR_CAUSE[code]}`).join('  \n');
      return [status, { description, content: { 'application/json': { schema: errorOf(names) } } }];
    }),
  );
}

function errorCodes(route: Route): readonly ErrorCode[] {
  const codes = [
    ...route.errors,
    ...COMMON_ERRORS,
    ...(route.body ? BODY_ERRORS : []),
    ...(route.method === 'get' ? [] : CHANGE_ERRORS),
  ];
  return [...new Set(codes)];
}

function errorOf(codes: readonly ErrorCode[]): Json {
  return {
    allOf: [{ $ref: '#/components/schemas/Error' }],
    properties: { code: { enum: codes, description: 'Stable name of the error' } },
  };
}

/** Only z.json() refers to itself; such references would lead nowhere in the document. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const { anyOf, ...others } = JSON.parse(
    JSON.stringify(rest).replaceAll(/#\/\$defs\/\w+/g, ANY_JSON),
  );
  // A choice of one is none.
  if (Array.isArray(anyOf) && anyOf.length === 1) return { ...others, ...anyOf[0] };
  return anyOf === undefined ? others : { ...others, anyOf };
}
