import { expect, test } from 'vitest';
import { distribution } from '../support/distribution.ts';
import { ServerProcess } from '../support/server.ts';
import { Card } from './card.ts';
import { liveGoesOn, untilFailed } from './disk-checks.ts';
import { type Kill, lostReadings, someMoment, told } from './kills.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { moreRows, recordStatus, startRecording } from './recorded.ts';

const CUTS = Number(process.env['QSENSOR_FAULT_POWER_CUTS'] ?? 3);
const LIMIT_MS = 60_000 + CUTS * 10_000;

/** The power goes: nothing more reaches the card, and the server is gone. */
async function cutPower(card: Card, server: ServerProcess): Promise<void> {
  card.lose();
  await server.kill();
  card.returnAsItWas();
}

test.each([15, 500] as const)(
  'power cut at any moment of a recording at %i Hz costs no chunk, at most about a second, and it goes on by itself',
  async (hertz) => {
    const sensor = await NumberedSensor.start(hertz);
    const card = await Card.insert();
    let server = await ServerProcess.start(card.path, sensor.env);
    const session = await startRecording(server);
    await moreRows(server);
    const cuts: Kill[] = [];
    for (let cut = 0; cut < CUTS; cut += 1) {
      cuts.push(await someMoment(server, sensor, session, told));
      await cutPower(card, server);
      server = await ServerProcess.start(card.path, sensor.env);
    }
    await moreRows(server);
    expect(await recordStatus(server)).toMatchObject({ session_id: session.session_id });
    await server.post('/record/stop', { session_id: session.session_id });
    const lost = await lostReadings(cuts, sensor, session);
    console.log(`${CUTS} power cuts at ${hertz} Hz: readings lost ${distribution(lost)}`);
    expect(Math.max(0, ...lost)).toBeLessThanOrEqual(hertz * 1.5);
    await server.stop();
  },
  LIMIT_MS,
);

test(
  'a session whose start or stop was answered just before the power cut is begun, or over',
  async () => {
    const sensor = await NumberedSensor.start(500);
    const card = await Card.insert();
    let server = await ServerProcess.start(card.path, sensor.env);
    for (let cut = 0; cut < CUTS; cut += 1) {
      const { session_id } = await startRecording(server);
      await cutPower(card, server);
      server = await ServerProcess.start(card.path, sensor.env);
      await moreRows(server);
      expect(await recordStatus(server)).toMatchObject({ session_id, is_recording: true });
      expect((await server.post('/record/stop', { session_id })).status).toBe(200);
      await cutPower(card, server);
      server = await ServerProcess.start(card.path, sensor.env);
      expect(await recordStatus(server)).toMatchObject({ is_recording: false });
      const { body } = await server.call<{ summary: { state: string } }>(`/sessions/${session_id}`);
      expect(body.summary.state).toBe('complete');
    }
    await server.stop();
  },
  LIMIT_MS,
);

test('a card that is gone ends the recording with the reason, all else goes on, and what it held is whole when it is back', async () => {
  const sensor = await NumberedSensor.start(500);
  const card = await Card.insert();
  const server = await ServerProcess.start(card.path, sensor.env);
  const session = await startRecording(server);
  const kill = await someMoment(server, sensor, session, told);
  card.lose();
  await untilFailed(server);
  expect((await recordStatus(server)).failure).toMatch(/EIO/);
  await liveGoesOn(server);
  expect((await server.call('/')).status).toBe(200);
  expect((await server.post('/record/start', {})).status).toBe(503);

  await server.stop();
  card.returnAsItWas();
  const next = await ServerProcess.start(card.path, sensor.env);
  await moreRows(next);
  await next.post('/record/stop', { session_id: session.session_id });
  const [lost] = await lostReadings([kill], sensor, session);
  expect(lost ?? 0).toBeLessThanOrEqual(750);
  await next.stop();
}, 60_000);
