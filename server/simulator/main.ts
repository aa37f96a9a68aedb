import { createDevice } from './port.ts';
import { startPty } from './pty.ts';

const STATUS_MILLIS = 10_000;

/** `npm run simulator -- rate=125,averaging=8`: a simulated sensor on a pseudo-terminal. */
async function main(args: string[]): Promise<void> {
  const device = await createDevice(`sim:${args.join(',').replace(/^sim:/, '')}`);
  let sent = 0;
  device.onReading(() => {
    sent += 1;
  });
  const pty = await startPty(device);
  console.log(`Simulated sensor ${device.settings.serial} on ${pty.path}`);
  console.log(`Use it with: SERIAL_PORT=${pty.path} npm start`);
  console.log('End it with Ctrl-C.');
  const status = setInterval(() => {
    console.log(`${sent} readings sent, ${pty.lostBytes} bytes not read by anyone`);
  }, STATUS_MILLIS);
  const end = (): void => {
    clearInterval(status);
    void pty.close();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
