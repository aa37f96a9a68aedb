import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import { type Answer, ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';

export interface Operation {
  parameters: { name: string; description?: string; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  'x-aliases'?: string[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

export interface ErrorBody {
  code: string;
  detail: string;
}

interface Options {
  body?: unknown;
  headers?: Record<string, string>;
}

/** A sensor without hardware that does everything ten times as fast. */

/** Only what errors have in common with nothing else leaves the service. */
const LEAKS = /\bat .+:\d+:\d+|node_modules|\.ts\b|\.js\b/;

/** A client that holds the service to its own published document. */
export class Contract {
  readonly server: ServerProcess;
  readonly folder: string;
  readonly document: OpenApi;
  readonly #ajv = new Ajv2020({ strict: false });

  private constructor(server: ServerProcess, folder: string, document: OpenApi) {
    this.server = server;
    this.folder = folder;
    this.document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'openapi.json');
  }

  /** A server of its own, gone when the test is over. */
  static async start(env: Record<string, string> = FAST, folder?: string): Promise<Contract> {
    const data = folder ?? (await temporaryFolder());
    const server = await ServerProcess.start(data, env);
    return new Contract(server, data, (await server.call<OpenApi>('/openapi.json')).body);
  }

  async get<T = Record<string, unknown>>(path: string, options: Options = {}): Promise<Answer<T>> {
    return this.#good(await this.call<T>('GET', path, options));
  }

  async post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.#good(await this.call<T>('POST', path, body === undefined ? {} : { body }));
  }

  /** What comes back is what the document promises for this status. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    options: Options = {},
  ): Promise<Answer<T>> {
    const answer = await this.server.call<T>(path, { method, ...options });
    this.#check(method, path, answer);
    return answer;
  }

  /** The call fails as it should: this status, this code, and a sentence. */
  async refused(method: string, path: string, expected: [number, string], body?: unknown) {
    const answer = await this.call<ErrorBody>(method, path, body === undefined ? {} : { body });
    expect([method, path, body, answer.status, answer.body.code]).toEqual([
      method,
      path,
      body,
      ...expected,
    ]);
    expect(answer.body.detail).toMatch(/^.{10,300}[.?]$/);
    expect(answer.body.detail).not.toMatch(LEAKS);
    return answer.body.detail;
  }

  #good<T>(answer: Answer<T>): Answer<T> {
    if (answer.status < 400) return answer;
    throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  #check(method: string, path: string, answer: Answer<unknown>): void {
    const template = this.#template(path);
    const where = `${method} ${path} ${answer.status}`;
    const response =
      this.document.paths[template]?.[method.toLowerCase()]?.responses[answer.status];
    if (response === undefined) throw new Error(`${where} is not in the document`);
    if (response.content === undefined) return;
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    expect(Object.keys(response.content), where).toContain(type);
    if (type === 'application/json') {
      this.#valid(template, method, answer, where);
    }
  }

  #template(path: string): string {
    const [bare = ''] = path.split('?');
    const fits = (template: string) =>
      new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare);
    const known = Object.entries(this.document.paths).flatMap(([template, methods]) =>
      addressesOf(template, methods).map((address) => ({ address, template })),
    );
    const exact = known.find(({ address }) => address === bare);
    return (exact ?? known.find(({ address }) => fits(address)))?.template ?? bare;
  }

  #valid(template: string, method: string, answer: Answer<unknown>, where: string): void {
    const steps = ['paths', template, method.toLowerCase(), 'responses', String(answer.status)];
    const pointer = [...steps, 'content', 'application/json', 'schema']
      .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
    const ref = `openapi.json#/${pointer}`;
    const validate = this.#ajv.getSchema(ref) ?? this.#ajv.compile({ $ref: ref });
    if (validate(answer.body)) return;
    const why = this.#ajv.errorsText(validate.errors);
    throw new Error(`${where}: ${why}\n${JSON.stringify(answer.body).slice(0, 500)}`);
  }
}

/** A path of the document, and the other addresses of its calls. */
export function addressesOf(template: string, methods: OpenApi['paths'][string]): string[] {
  return [template, ...Object.values(methods).flatMap((method) => method['x-aliases'] ?? [])];
}

/** Records until so many chunks are finalized; gives the session's id. */
export async function recorded(contract: Contract, chunks = 1): Promise<string> {
  const { body } = await contract.post<{ session_id: string }>('/record/start', {
    chunk_interval_s: 1,
    metadata: { mission: 'Reef 7' },
  });
  await expect
    .poll(async () => (await contract.get('/record/status')).body['chunk_count'], {
      timeout: 20_000,
    })
    .toBeGreaterThanOrEqual(chunks);
  return body.session_id;
}
