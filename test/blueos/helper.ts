import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

/** So long without a byte ends a request; nothing limits the whole of it. */
const SILENCE_MS = 1000;
/** A port that times out so often on its first request is given up. */
const TRIES = 3;
const REDIRECTS = 10;
const DOCS = ['/docs', '/v1.0/ui/'];
const DOCUMENTS = ['/docs.json', '/openapi.json', '/swagger.json'];

const text = z.string().min(1);

/** What an extension tells of itself; where a required field is missing it is not listed at all. */
const metadata = z.object({
  name: text,
  description: text,
  icon: text.regex(/^mdi-[a-z0-9-]+$/),
  company: text,
  version: text.regex(/^\d+\.\d+\.\d+$/),
  webpage: z.url(),
  api: text,
  route: z.string().optional(),
  new_page: z.boolean().optional(),
  extra_query: z.string().optional(),
  avoid_iframes: z.boolean().optional(),
  works_in_relative_paths: z.boolean().optional(),
  extras: z.record(z.string(), z.string()).optional(),
});

/** A service that the Helper found, as BlueOS lists it. */
export interface Found {
  port: number;
  title: string;
  metadata: z.infer<typeof metadata>;
  /** The name in the extension's path. */
  sanitizedName: string;
  /** Where it has documentation for people, and for programs. */
  docs: string[];
  /** Addresses of its documents that hold documentation themselves. */
  versions: string[];
  /** Everything that was asked, in order. */
  asked: Answer[];
}

/** What one request was answered; `body` where the status is 200, else null. */
export interface Answer {
  path: string;
  status: number;
  body: string | null;
  isJson: boolean;
}

/**
 * Plays BlueOS's Helper as it is in 1.4.3 and 1.5 (core/services/helper/main.py), which does this once
 * a minute: headers, order, literal paths, and no limit on a whole answer. Ports that are no extension
 * are left out.
 */
export async function scan(ports: readonly number[]): Promise<Found[]> {
  const found = await Promise.all(ports.map((port) => new Asking(port).service()));
  return found.filter((one) => one !== null);
}

class Asking {
  readonly #port: number;
  readonly #asked: Answer[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  async service(): Promise<Found | null> {
    const page = await this.#first();
    if (page === null || page.status === 400 || page.body === null) return null;
    const title = /<title>([^<]+)<\/title>/.exec(page.body)?.[1]?.trim() ?? 'Unknown';
    const told = metadata.safeParse(await this.#document('/register_service'));
    const { docs, versions } = await this.#documentation();
    if (!told.success) return null;
    const sanitizedName = told.data.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
    const service = { port: this.#port, title, metadata: told.data, sanitizedName };
    return { ...service, docs, versions, asked: this.#asked };
  }

  async #first(): Promise<Answer | null> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const page = await this.#ask('/').catch(unlessSilent);
      if (page !== null) return page;
    }
    return null;
  }

  async #documentation() {
    const docs: string[] = [];
    const versions: string[] = [];
    for (const path of DOCS) {
      if ((await this.#ask(path)).status !== 200) continue;
      docs.push(path);
      for (const document of DOCUMENTS) {
        const told = await this.#document(document);
        if (told === null) continue;
        docs.push(document);
        versions.push(...(await this.#versions(told)));
      }
      break;
    }
    return { docs, versions };
  }

  /** Each path of the document, as it stands there. */
  async #versions({ paths = {} }: { paths?: object }): Promise<string[]> {
    const versions: string[] = [];
    for (const path of Object.keys(paths)) {
      const { body } = await this.#ask(path);
      if (body?.includes('swagger-ui')) versions.push(path);
    }
    return versions;
  }

  async #document(path: string): Promise<{ paths?: object } | null> {
    const { body } = await this.#ask(path, true);
    return body === null ? null : (JSON.parse(body) as { paths?: object });
  }

  async #ask(path: string, isJson = false): Promise<Answer> {
    const { status, bytes } = await request(this.#port, path, isJson ? 'application/json' : '*/*');
    const answer = { path, status, body: status === 200 ? String(bytes) : null, isJson };
    this.#asked.push(answer);
    return answer;
  }
}

interface Raw {
  status: number;
  bytes: Buffer;
}

/** Rejects with a RequestTimeout after a second of silence. Redirects are followed; only gzip is unpacked. */
async function request(port: number, path: string, accept: string, left = REDIRECTS): Promise<Raw> {
  const answer = await begun(port, path, accept);
  const { location } = answer.headers;
  if (left > 0 && location !== undefined) {
    answer.destroy();
    const to = new URL(location, `http://127.0.0.1:${port}`);
    return request(Number(to.port) || port, to.pathname, accept, left - 1);
  }
  const bytes = await buffer(answer);
  const isPacked = answer.headers['content-encoding'] === 'gzip';
  return { status: answer.statusCode ?? 0, bytes: isPacked ? gunzipSync(bytes) : bytes };
}

function begun(port: number, path: string, accept: string): Promise<IncomingMessage> {
  const own = { 'User-Agent': 'python', 'Accept-Encoding': 'gzip, deflate' };
  const headers = { ...own, Accept: accept };
  return new Promise((resolve, reject) => {
    const asking = get({ host: '127.0.0.1', port, path, headers, agent: false }, resolve);
    asking.setTimeout(SILENCE_MS, () => asking.destroy(new RequestTimeout(path)));
    asking.on('error', reject);
  });
}

class RequestTimeout extends Error {}

function unlessSilent(error: unknown): null {
  if (error instanceof RequestTimeout) return null;
  throw error;
}
