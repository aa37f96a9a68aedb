import { type Child, startChild } from './child.ts';

/** The built service as a process of its own. */
export interface Service extends Omit<Child, 'line'> {
  /** `http://127.0.0.1:<port>` */
  base: string;
  /** Posts JSON, or nothing; throws what a refusal says. */
  post<T>(path: string, body?: object): Promise<T>;
}

/** As `npm start` and the image run it. */
const NODE_ARGS = ['--max-semi-space-size=1'];

/** Starts it on a free port, recording into the folder. */
export async function startService(
  folder: string,
  environment: Record<string, string> = {},
  nodeArgs: string[] = [],
): Promise<Service> {
  const own = {
    ...{ CHUNK_RECORDING_PATH: folder, API_HOST: '127.0.0.1', API_PORT: '0' },
    MAVLINK2REST_URL: 'off',
  };
  const args = [...NODE_ARGS, ...nodeArgs, 'dist/server/main.js'];
  const { line, ...child } = await startChild(args, 'INFO: Listening', { ...own, ...environment });
  const base = `http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1]}`;
  return { ...child, base, post: (path, body) => post(`${base}${path}`, body) };
}

async function post<T>(url: string, body?: object): Promise<T> {
  const json = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, { method: 'POST', ...(body ? json : {}) });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
