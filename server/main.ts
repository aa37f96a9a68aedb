import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from './app/app.ts';
import { readConfig } from './app/config.ts';
import { createLog } from './app/log.ts';
import { startErrorInWords } from './app/start-error.ts';
import { machineTime, SystemClock } from './clock.ts';
import { readBuild } from './control/build.ts';
import { StallWatch } from './serial/stall-watch.ts';

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
    setTimeout(giveUp, STOP_LIMIT_MS).unref();
    app.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.logger.fatal(error, 'Stopping failed; recovery mends what is left at the next start');
        process.exit(1);
      },
    );
  };
  /** Not by exit(): that waits for the threads, and so for a disk that stands still. */
  const giveUp = (): void => {
    log.logger.fatal(
      'The last rows are not confirmed by the disk; the next start mends what is left',
    );
    process.kill(process.pid, 'SIGKILL');
  };
  const onUnexpected = (error: unknown): void => {
    log.logger.fatal(error, 'Unexpected error: the service ends, so that it is started again');
    leave(1);
  };

  const clock = new SystemClock(machineTime());
  const [webRoot, docsRoot] = [join(serverFolder, '../web'), join(serverFolder, '../docs')];
  const stalls = new StallWatch(clock);
  const app = new App({ config, build, clock, stalls, log, webRoot, docsRoot, onUnexpected });
  process.on('uncaughtException', onUnexpected);
  process.on('unhandledRejection', onUnexpected);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => leave(0));
  await app.start();
}

main().catch(async (error: unknown) => {
  console.error((await startErrorInWords(error)) ?? error);
  process.exit(1);
});
