import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export const MAIN = 'dist/server/main.js';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

interface Options {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The built server as a process of its own, on a free port. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly log: string[] = [];
  base = '';

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  /** Resolves when it listens; it is killed when the test is over. */
  static async start(dataPath: string, env: Record<string, string> = {}): Promise<ServerProcess> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run npm run build first.`);
    const own = {
      SERIAL_PORT: 'sim:burst=0',
      API_HOST: '127.0.0.1',
      API_PORT: '0',
      CHUNK_RECORDING_PATH: dataPath,
      UV_THREADPOOL_SIZE: '16',
      MAVLINK2REST_URL: 'off',
    };
    const server = new ServerProcess(
      spawn(process.execPath, ['--max-semi-space-size=1', MAIN], {
        env: { ...process.env, ...own, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    onTestFinished(() => server.kill());
    server.base = await server.#listening();
    return server;
  }

  #listening(): Promise<string> {
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    return new Promise((resolve, reject) => {
      this.child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      lines.on('line', (line) => {
        this.log.push(line);
        const port = /^INFO: Listening .*"port":(\d+)/.exec(line)?.[1];
        if (port) resolve(`http://127.0.0.1:${port}`);
      });
    });
  }

  /** The body is parsed where it is JSON, else text. */
  async call<T = Record<string, unknown>>(path: string, options: Options = {}): Promise<Answer<T>> {
    const { method = 'GET', body, headers } = options;
    const response = await fetch(`${this.base}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /application\/json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    };
  }

  post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call<T>(path, { method: 'POST', body });
  }

  /** As a power cut would: no time for anything. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Gives the exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.child.exitCode;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await once(this.child, 'exit');
  }
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'qsensor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
