import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { NumberedSensor } from '../faults/numbered-sensor.ts';
import { startRecording } from '../faults/recorded.ts';
import { distribution } from '../support/distribution.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { Command } from './command.ts';
import { newestRow } from './newest-row.ts';

/** The campaign loses many more. */
const LOSSES = Number(process.env['QSENSOR_MIRROR_LOSSES'] ?? 1);

test.each([15, 500] as const)(
  'a vehicle at %i Hz that is lost takes less than two seconds of readings with it',
  async (hertz) => {
    const sensor = await NumberedSensor.start(hertz);
    const [data, out] = [await temporaryFolder(), await temporaryFolder()];
    let server = await ServerProcess.start(data, sensor.env);
    const port = new URL(server.base).port;
    const { session_id } = await startRecording(server, 60);
    const folder = join(out, session_id);
    const newestHere = async () => (await newestRow(folder))?.value ?? -1;

    const missing: number[] = [];
    for (let loss = 0; loss < LOSSES; loss += 1) {
      const from = sensor.newest;
      const mirror = new Command([server.base, '--out', out, '--session', session_id]);
      onTestFinished(() => mirror.kill());
      await expect.poll(newestHere, { timeout: 20_000 }).toBeGreaterThan(from);
      await sleep(randomInt(0, 3000));
      const { newest } = sensor;
      await server.kill();
      await expect.poll(() => mirror.output).toContain('vehicle lost');
      mirror.process.kill('SIGTERM');
      expect(await mirror.ended).toBe(143);
      const here = await newestHere();
      missing.push(sensor.sent.filter((number) => number > here && number <= newest).length);
      server = await ServerProcess.start(data, { ...sensor.env, API_PORT: port });
    }
    console.log(`${LOSSES} vehicles lost at ${hertz} Hz: readings ${distribution(missing)}`);
    expect(Math.max(...missing)).toBeLessThan(2 * hertz);
  },
  20_000 + LOSSES * 15_000,
);
