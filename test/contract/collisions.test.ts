import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer, ServerProcess } from '../support/server.ts';
import { Contract } from './contract.ts';

const CALLS = [
  '/connect',
  '/disconnect',
  '/start',
  '/start?auto_record=true',
  '/stop',
  '/pause',
  '/resume',
  '/record/start',
  '/record/stop',
] as const;

/** Clients in the field give up after this long. */
const PATIENCE_MS = 30_000;

interface Status {
  state: string;
  recording: boolean;
  connected: boolean;
}

const calls = fc.array(
  fc.record({ path: fc.constantFrom(...CALLS), afterMs: fc.integer({ min: 0, max: 400 }) }),
  { minLength: 2, maxLength: 7 },
);

test('calls that collide are answered in time, and leave no half state', async () => {
  const contract = await Contract.start();
  const { server } = contract;
  await fc.assert(
    fc.asyncProperty(calls, async (collision) => {
      const answers = await Promise.all(collision.map((call) => later(server, call)));
      for (const { status, body } of answers) {
        expect([200, 400, 503, 504], JSON.stringify(body)).toContain(status);
      }
      await whole(contract);
      await contract.post('/disconnect');
      const { sessions } = (await contract.get<{ sessions: { state: string }[] }>('/sessions'))
        .body;
      expect(sessions.filter(({ state }) => state !== 'complete')).toEqual([]);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

test('of starts at the same moment exactly one wins', async () => {
  const { server } = await Contract.start();
  const starts = await Promise.all([1, 2, 3].map(() => server.post('/record/start', {})));
  expect(starts.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  const stop = () => server.post('/record/stop', { session_id: ids(starts)[0] });
  const stops = await Promise.all([stop(), stop()]);
  expect(stops.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test('a recording that begins while another is being stopped gets its readings', async () => {
  const { server } = await Contract.start();
  for (let times = 0; times < 3; times += 1) {
    const first = await server.post<{ session_id: string }>('/record/start', {});
    const stopping = server.post('/record/stop', { session_id: first.body.session_id });
    const start = () => server.post<{ session_id: string }>('/record/start', {});
    let next = await start();
    while (next.status !== 200) next = await start();
    expect((await stopping).status).toBe(200);
    const rows = async () => (await server.call('/record/status')).body['total_rows'];
    await expect.poll(rows, { timeout: 10_000 }).toBeGreaterThan(0);
    await server.post('/record/stop', { session_id: next.body.session_id });
  }
});

test('a disconnect breaks off a connect that gets no answer', async () => {
  const silent = { SERIAL_PORT: 'sim:baud=9600', SERIAL_BAUD: '115200' };
  const { server } = await Contract.start(silent);
  const connecting = server.post('/connect');
  const sent = async () => (await server.call<{ lines: object[] }>('/sensor/console')).body.lines;
  await expect.poll(sent).not.toEqual([]);
  expect((await server.post('/disconnect')).status).toBe(200);
  expect(await connecting).toMatchObject({ status: 504, body: { code: 'sensor_no_answer' } });
  expect((await server.call('/status')).body).toMatchObject({ connected: false, port: null });
});

async function later(
  server: ServerProcess,
  { path, afterMs }: { path: string; afterMs: number },
): Promise<Answer<object>> {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const { body } = await server.call<{ session_id: string | null }>('/record/status');
  const session =
    path === '/record/stop' ? { session_id: body.session_id ?? crypto.randomUUID() } : {};
  const answer = server.post(path, path.startsWith('/record/') ? session : undefined);
  return Promise.race([answer, tooLate(path)]);
}

/** What the service says of itself fits together. */
async function whole(contract: Contract): Promise<void> {
  const { body } = await contract.get<Status>('/status');
  const record = (await contract.get('/record/status')).body;
  const acquiring = ['ACQ_FREERUN', 'ACQ_POLLED', 'PAUSED'].includes(body.state);
  expect(record['is_recording']).toBe(body.recording);
  if (body.recording) expect([body.state, acquiring]).toEqual([body.state, true]);
  expect(body.connected).toBe(body.state !== 'DISCONNECTED');
}

async function tooLate(path: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
  throw new Error(`${path} is not answered within 30 s`);
}

function ids(answers: Answer<Record<string, unknown>>[]): unknown[] {
  return answers.flatMap(({ body }) => (body['session_id'] ? [body['session_id']] : []));
}
