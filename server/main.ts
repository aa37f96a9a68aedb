import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from './app.ts';
import { readBuild } from './build.ts';
import { machineTime, SystemClock } from './clock.ts';
import { ConfigError, readConfig } from './config.ts';
import { createLog } from './log.ts';

/** docker stop waits 10 s; what is not done by then is left to recovery. */
const STOP_LIMIT_MS = 9000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const serverFolder = dirname(fileURLToPath(import.meta.url));
  const build = await readBuild(serverFolder);
  let leaving = false;

  /** Seals what is being recorded, then ends the process. */
  const leave = (exitCode: number): void => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(exitCode || 1), STOP_LIMIT_MS).unref();
    app.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.logger.fatal(error, 'Stopping failed; recovery mends what is left at the next start');
        process.exit(1);
      },
    );
  };
  const onUnexpected = (error: unknown): void => {
    log.logger.fatal(error, 'Unexpected error: the service ends, so that it is started again');
    leave(1);
  };

  const clock = new SystemClock(machineTime());
  const [webRoot, docsRoot] = [join(serverFolder, '../web'), join(serverFolder, '../docs')];
  const app = new App({ config, build, clock, log, webRoot, docsRoot, onUnexpected });
  process.on('uncaughtException', onUnexpected);
  process.on('unhandledRejection', onUnexpected);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => leave(0));
  await app.start();
}

main().catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (error instanceof ConfigError) console.error(error.message);
  else if (taken) console.error(`The port is taken: ${error.message}. Set API_PORT to another.`);
  else console.error(listenProblem(error) ?? error);
  process.exit(1);
});

/** One line on an address that this machine does not have, or a port that this user may not open. */
function listenProblem(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error)) return null;
  const { syscall, code, address, hostname, port } = error as ListenError;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return null;
  if (code === 'EACCES')
    return `API_PORT=${port}: this user may not open it; 1024 and above may be.`;
  return `API_HOST=${address ?? hostname}: an address of this machine, or 0.0.0.0 for all (${code}).`;
}

type ListenError = NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number };
