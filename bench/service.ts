import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The built service as a process of its own. */
export interface Service {
  /** `http://127.0.0.1:<port>` */
  base: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts it on a free port, recording into the folder. */
export async function startService(
  folder: string,
  environment: Record<string, string> = {},
): Promise<Service> {
  const own = {
    ...{ CHUNK_RECORDING_PATH: folder, API_HOST: '127.0.0.1', API_PORT: '0' },
    MAVLINK2REST_URL: 'off',
  };
  const child = spawn(process.execPath, ['dist/server/main.js'], {
    env: { ...process.env, ...own, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async () => {
    child.kill();
    await once(child, 'exit');
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"Listening"')) continue;
    child.stdout.resume();
    return { base: `http://127.0.0.1:${JSON.parse(line).port}`, pid: child.pid ?? 0, stop };
  }
  throw new Error('the service did not start');
}
