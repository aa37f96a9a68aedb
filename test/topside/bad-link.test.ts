import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { distribution } from '../support/distribution.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { Command } from './command.ts';
import { expectEqualDisks } from './disks.ts';
import { Lag } from './lag.ts';
import { newestRow } from './newest-row.ts';
import { ShapedLink } from './shaped-link.ts';

/** The campaign has ten minutes, and the vehicle is away for one of them. */
const SESSION_S = Number(process.env['QSENSOR_MIRROR_SESSION_S'] ?? 16);
const OUTAGE_S = Number(process.env['QSENSOR_MIRROR_OUTAGE_S'] ?? 1);
const CHUNK_S = Number(process.env['QSENSOR_MIRROR_CHUNK_S'] ?? 5);

const HERTZ = 15;
const SENSOR = {
  SERIAL_PORT: 'sim:rate=125,averaging=8,burst=0,baud=115200',
  SERIAL_BAUD: '115200',
};
const LINK = { delayMs: 300, bitsPerS: 1e6, brokenPercent: 5 };

/** In so many seconds it must have caught up, up to rows of the chunk being recorded. */
const CATCH_UP_S = Math.min(10, SESSION_S / 2);

/** A lag that grows is seen in the first stretch that never comes near the end. */
async function expectBounded(lag: Lag, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= CATCH_UP_S) {
    const stretch = await lag.watch(Math.min(left, CATCH_UP_S));
    if (left < CATCH_UP_S) return;
    expect(Math.min(...stretch)).toBeLessThan(CHUNK_S * HERTZ);
  }
}

test(`a session of ${SESSION_S} s over a bad link, its vehicle killed and away for ${OUTAGE_S} s, arrives whole, and the lag stays bounded`, {
  timeout: 60_000 + (SESSION_S + OUTAGE_S) * 2000,
}, async () => {
  const [data, out] = [await temporaryFolder(), await temporaryFolder()];
  let server = await ServerProcess.start(data, SENSOR);
  const port = new URL(server.base).port;
  const request = { chunk_interval_s: CHUNK_S };
  const started = await server.post<{ session_id: string }>('/record/start', request);
  const session = started.body.session_id;
  const link = new ShapedLink(Number(port), LINK);
  const mirror = new Command([await link.start(), '--out', out, '--session', session]);
  onTestFinished(() => link.stop());
  onTestFinished(() => mirror.kill());

  const lag = new Lag(join(data, session), join(out, session));
  await expect.poll(() => newestRow(join(out, session)), { timeout: 30_000 }).not.toBeNull();
  await expectBounded(lag, SESSION_S / 2);
  await server.kill();
  await sleep(OUTAGE_S * 1000);
  server = await ServerProcess.start(data, { ...SENSOR, API_PORT: port });
  await expectBounded(lag, SESSION_S / 2);
  await server.post('/record/stop', { session_id: session });
  expect(await mirror.ended, mirror.output).toBe(0);
  await expectEqualDisks(server, session, data, out);
  expect(await new Command(['verify', out]).ended).toBe(0);
  const seconds = distribution(
    lag.rows.map((rows) => rows / HERTZ),
    1,
  );
  const looks = `${lag.rows.length} looks, seconds of readings behind: ${seconds}`;
  console.log(`${looks}; ${link.broken} connections broken`);
});
