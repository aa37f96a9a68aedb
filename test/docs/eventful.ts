import { expect } from 'vitest';
import { moreRows, recordStatus, type Started } from '../faults/recorded.ts';
import { ServerProcess } from '../support/server.ts';

/** The clock is an hour behind until the signal comes: as when the surface sets it. */
const LATE_CLOCK = `
  const now = Date.now.bind(Date);
  let behind = 3_600_000;
  Date.now = () => now() - behind;
  process.on('SIGUSR2', () => { behind = 0; });`;
const preload = `--import data:text/javascript,${encodeURIComponent(LATE_CLOCK)}`;

export interface Plan {
  /** SERIAL_PORT and what goes with it. */
  env: Record<string, string>;
  chunkIntervalS: number;
  /** At least so many rows between one event and the next. */
  rows: number;
}

/**
 * A recording in which much happens: a sync marker, the clock is set, a pause, a mark, and
 * the power fails. Gives the service that went on with it, and stopped it.
 */
export async function recordEventfully(
  root: string,
  plan: Plan,
): Promise<{ server: ServerProcess; session: Started }> {
  const { env, chunkIntervalS: chunk_interval_s, rows } = plan;
  const first = await ServerProcess.start(root, { ...env, NODE_OPTIONS: preload });
  await done(first, '/settings', { collector: 'cosine' }, 'PUT');
  const metadata = { mission: 'Kelp bed east', operator: 'A. Diver', water: { depth_m: 18 } };
  const session = (await done(first, '/record/start', { chunk_interval_s, metadata })) as Started;
  const { session_id } = session;
  await moreRows(first, rows);
  await done(first, '/record/sync-marker', {
    ...{ session_id, sync_id: '5f0c6c1e-8f5e-4d3c-9a39-2f6f0f6f7a11', marker_type: 'START' },
  });
  await moreRows(first, rows);
  first.child.kill('SIGUSR2');
  await moreRows(first, rows);
  await done(first, '/pause');
  await done(first, '/resume');
  await moreRows(first, rows);
  await done(first, '/record/mark', { text: 'Seagrass starts here' });
  await moreRows(first, rows);
  await first.kill();

  const server = await ServerProcess.start(root, env);
  await expect.poll(async () => (await recordStatus(server)).is_recording).toBe(true);
  await moreRows(server, rows);
  await done(server, '/record/stop', { session_id });
  return { server, session };
}

async function done(server: ServerProcess, path: string, body: object = {}, method = 'POST') {
  const answer = await server.call(path, { method, body });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as unknown;
}
