import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { preload } from './preload.ts';
import {
  eventsOf,
  missingNumbers,
  moreRows,
  recordStatus,
  soundRows,
  startRecording,
} from './recorded.ts';

/** The wall clock of the process is set by so many seconds at the signal. */
function steppingClock(seconds: number): string {
  const before = `
    let shift = 0;
    const now = Date.now;
    const Real = Date;
    Date.now = () => now() + shift;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length === 0) super(Real.now()); else super(...given); }
    };`;
  return preload(before, `shift += ${seconds * 1000};`);
}

test.each([8 * 30 * 86_400, -3600, 0.5])(
  'a clock that is set by %d s during a recording stops nothing, hurries nothing, and is an event',
  async (seconds) => {
    const sensor = await NumberedSensor.start(500);
    const env = { ...sensor.env, NODE_OPTIONS: steppingClock(seconds) };
    const server = await ServerProcess.start(await temporaryFolder(), env);
    const session = await startRecording(server, 1);
    await moreRows(server, 700);
    const wallBefore = Date.now();
    server.child.kill('SIGUSR2');
    for (let look = 0; look < 20; look += 1) {
      await moreRows(server, 60);
      const { body } = await server.call<{ last_reading_age_s: number }>('/instrument/health');
      expect(body.last_reading_age_s).toBeGreaterThanOrEqual(0);
      expect(body.last_reading_age_s).toBeLessThan(30);
    }
    const { chunk_count, elapsed_time_s } = (
      await server.call<Record<string, number>>('/record/status')
    ).body;
    expect(chunk_count).toBeLessThanOrEqual(Math.floor(elapsed_time_s ?? 0) + 1);
    expect(await recordStatus(server)).toMatchObject({ is_recording: true, failure: null });
    await server.post('/record/stop', { session_id: session.session_id });

    const rows = await soundRows(session.storage_path);
    expect(missingNumbers(rows, sensor.sent)).toEqual([]);
    const elapsed = rows.map(({ elapsed_s }) => elapsed_s);
    expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b));
    const steps = (await eventsOf(session.storage_path)).filter(
      ({ kind }) => kind === 'clock_step',
    );
    expect(steps.map(({ step_s }) => Math.round(Number(step_s) * 10) / 10)).toEqual([seconds]);
    const last = Date.parse(rows.at(-1)?.timestamp ?? '') - seconds * 1000;
    expect(last).toBeGreaterThan(wallBefore);
  },
);
