import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RecorderStatus } from '../../server/recording/status.ts';
import { SimulatedMavlink2Rest } from '../../server/simulator/vehicle/mavlink2rest.ts';
import { yoyo } from '../../server/simulator/vehicle/motion.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';

/** A vehicle that is disarmed, and a recorder that records while it is armed. */
async function disarmed() {
  const rest = new SimulatedMavlink2Rest(yoyo, undefined, { armed: false });
  const env = { ...FAST, MAVLINK2REST_URL: await rest.start() };
  onTestFinished(() => rest.stop());
  const folder = await temporaryFolder();
  const start = () => ServerProcess.start(folder, env);
  const server = await start();
  const body = { record_by_itself: 'armed', record_end_delay_s: 1 };
  await server.call('/settings', { method: 'PUT', body });
  return { rest, folder, start, server };
}

interface Session {
  metadata: object;
  events: { kind: string; detail: string }[];
}

type Status = RecorderStatus & { by_itself: string | null };

const statusOf = async (server: ServerProcess) =>
  (await server.call<Status>('/record/status')).body;
const trigger = (server: ServerProcess) => async () => (await statusOf(server)).trigger;
const words = (server: ServerProcess) => async () => (await statusOf(server)).by_itself;

test('the recording begins with arming and ends after disarming; what a person starts or stops holds', async () => {
  const { rest, folder, start, server } = await disarmed();
  await expect.poll(words(server)).toBe('Begins by itself when the vehicle is armed.');
  expect(await trigger(server)()).toBeNull();
  rest.world.armed = true;
  await expect.poll(trigger(server)).toBe('armed');
  const { session_id: first } = await statusOf(server);

  const asked = await server.post<{ session_id: string }>('/record/start', {});
  expect([asked.status, asked.body.session_id === first]).toEqual([200, false]);
  expect(await statusOf(server)).toMatchObject({ trigger: 'request', by_itself: null });
  expect((await server.post('/record/start', {})).body).toMatchObject({
    code: 'already_recording',
  });
  await server.post('/record/stop', { session_id: asked.body.session_id });
  await expect.poll(words(server)).toContain('Stopped by hand.');

  await expect
    .poll(() => readFile(join(folder, 'by-itself.json'), 'utf8').catch(() => ''))
    .toContain('true');
  await server.kill();
  const again = await start();
  await expect.poll(words(again)).toContain('Stopped by hand.');
  rest.world.armed = false;
  await expect.poll(words(again)).toBe('Begins by itself when the vehicle is armed.');
  rest.world.armed = true;
  await expect.poll(trigger(again)).toBe('armed');
  const { session_id: id } = await statusOf(again);

  await again.kill();
  const third = await start();
  await expect.poll(trigger(third)).toBe('armed');
  expect((await statusOf(third)).session_id).toBe(id);
  rest.world.armed = false;
  await expect.poll(trigger(third)).toBeNull();
  const { body } = await third.call<Session>(`/sessions/${id}`);
  expect(body.metadata).toMatchObject({ recording_trigger: 'armed', state: 'complete' });
  const of = (wanted: string) => body.events.find(({ kind }) => kind === wanted);
  expect(of('recording_started')).toMatchObject({ trigger: 'armed' });
  expect(of('recording_stopped')?.detail).toContain('disarmed');
}, 90_000);
