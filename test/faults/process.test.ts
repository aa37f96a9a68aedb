import { expect, test } from 'vitest';
import { distribution } from '../support/distribution.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { type Kill, lostReadings, someMoment } from './kills.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { missingNumbers, moreRows, recordStatus, soundRows, startRecording } from './recorded.ts';

/** Of each rate; the campaign makes many more. */
const KILLS = Number(process.env['QSENSOR_FAULT_KILLS'] ?? 3);
const LIMIT_MS = 25_000 + KILLS * 10_000;

test.each([15, 500] as const)(
  `killed at any moment of a recording at %i Hz it loses less than a second and goes on by itself`,
  async (hertz) => {
    const sensor = await NumberedSensor.start(hertz);
    const folder = await temporaryFolder();
    let server = await ServerProcess.start(folder, sensor.env);
    const session = await startRecording(server);
    await moreRows(server);
    const kills: Kill[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      kills.push(await someMoment(server, sensor, session));
      await server.kill();
      server = await ServerProcess.start(folder, sensor.env);
    }
    await moreRows(server);
    expect(await recordStatus(server)).toMatchObject({ session_id: session.session_id });
    await server.post('/record/stop', { session_id: session.session_id });

    const lost = await lostReadings(kills, sensor, session);
    console.log(`${KILLS} kills at ${hertz} Hz: readings lost ${distribution(lost)}`);
    expect(Math.max(0, ...lost)).toBeLessThanOrEqual(hertz);
  },
  LIMIT_MS,
);

test(
  'told to end, it seals what it has, loses nothing of it and ends with 0',
  async () => {
    const sensor = await NumberedSensor.start(500);
    const folder = await temporaryFolder();
    const server = await ServerProcess.start(folder, sensor.env);
    const session = await startRecording(server, 60);
    await moreRows(server, 300);
    const { total_rows } = await recordStatus(server);
    expect(await server.stop()).toBe(0);

    const rows = await soundRows(session.storage_path);
    expect(rows.length).toBeGreaterThanOrEqual(total_rows);
    expect(missingNumbers(rows, sensor.sent)).toEqual([]);

    const next = await ServerProcess.start(folder, sensor.env);
    await moreRows(next);
    expect(await recordStatus(next)).toMatchObject({ session_id: session.session_id });
  },
  LIMIT_MS,
);
