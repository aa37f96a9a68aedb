import { z } from 'zod';

/** BlueOS's Helper waits so long for each answer. */
const PATIENCE_MS = 1000;
/** A port that times out so often is given up. */
const TRIES = 3;

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
}

/** Plays the Helper: asks every listening port what it is. Ports that are no extension are left out. */
export async function scan(ports: readonly number[]): Promise<Found[]> {
  const found = await Promise.all(ports.map(service));
  return found.filter((one) => one !== null);
}

async function service(port: number): Promise<Found | null> {
  const page = await ask(port, '/');
  const registered = page?.status === 200 ? await ask(port, '/register_service') : null;
  if (!page || registered?.status !== 200) return null;
  const told = metadata.safeParse(JSON.parse(registered.body));
  if (!told.success) return null;
  return {
    port,
    title: /<title>([^<]+)<\/title>/.exec(page.body)?.[1] ?? '',
    metadata: told.data,
    sanitizedName: told.data.name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
    docs: await documentation(port),
  };
}

async function documentation(port: number): Promise<string[]> {
  const found: string[] = [];
  for (const path of ['/docs', '/docs.json', '/openapi.json', '/swagger.json']) {
    const answer = await ask(port, path);
    if (answer?.status === 200) found.push(path);
  }
  return found;
}

interface Answer {
  status: number;
  body: string;
}

/** Redirects are followed; null: nobody speaks HTTP there, or not in time. */
async function ask(port: number, path: string, tries = TRIES): Promise<Answer | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    return isLate && tries > 1 ? ask(port, path, tries - 1) : null;
  }
}
