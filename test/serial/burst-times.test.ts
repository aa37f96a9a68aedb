import { expect, test } from 'vitest';
import { moreRows, soundRows, startRecording } from '../faults/recorded.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';

/** An adapter that hands over what it gathered in 16 ms; 125 lines a second. */
const BURSTS = {
  SERIAL_PORT: 'sim:rate=125,averaging=1,baud=115200,burst=16',
  SERIAL_BAUD: '115200',
};
const FAR_APART_MS = 3;

const millis = (timestamp: string) => Date.parse(timestamp);

/** Each but the first, less the one before it. */
const steps = (times: readonly number[]) =>
  times.slice(1).map((time, place) => time - (times[place] ?? 0));

test('no two rows of a session share a time, though their lines came in one burst', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), BURSTS);
  const session = await startRecording(server, 1);
  await moreRows(server, 300);
  await server.post('/record/stop', { session_id: session.session_id });
  const rows = await soundRows(session.storage_path);
  const elapsed = steps(rows.map(({ elapsed_s }) => elapsed_s));
  expect(elapsed.filter((step) => step <= 0)).toEqual([]);
  const clock = steps(rows.map(({ timestamp }) => millis(timestamp)));
  // Who keys readings by the millisecond keeps nearly all of them: a few lines catch up after a delay.
  expect(clock.filter((step) => step >= FAR_APART_MS).length).toBeGreaterThan(0.95 * clock.length);
});

test('in the sessions of survey clients, markers among them, times differ too', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), BURSTS);
  await server.post('/connect');
  const { body } = await server.post<{ session_id: string }>('/record/start', {
    schema_version: 1,
    roll_interval_s: 60,
  });
  const { session_id } = body;
  for (const marker_type of ['START', 'STOP']) {
    await moreRows(server, 100);
    const marker = { session_id, sync_id: crypto.randomUUID(), marker_type };
    expect((await server.post('/record/sync-marker', marker)).status).toBe(200);
  }
  await moreRows(server, 100);
  await server.post('/record/stop', { session_id });
  const { body: chunks } = await server.call<{ name: string }[]>(
    `/record/snapshots?session_id=${session_id}`,
  );
  const { body: text } = await server.call<string>(`/files/${session_id}/${chunks[0]?.name}`);
  const times = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0] ?? '');
  expect(new Set(times).size).toBe(times.length);
  expect(times).toEqual([...times].sort());
});
