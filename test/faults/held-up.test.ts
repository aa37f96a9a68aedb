import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { eventsOf, missingNumbers, moreRows, soundRows, startRecording } from './recorded.ts';

const STOPS_S = [2.5, 4, 10];
/** Between readings of this sensor. */
const PACE_S = 1 / 15;

/** Seconds on the clock that the recorder uses too. */
function monotonic(): number {
  const [seconds, nanos] = process.hrtime();
  return seconds + nanos / 1e9;
}

test('a process that is held up loses no reading, restarts nothing, and times what waited as it was', async () => {
  const sensor = await NumberedSensor.start(15);
  const emitted = new Map<number, number>();
  sensor.device.onReading(({ text }) =>
    emitted.set(Math.trunc(Number.parseFloat(text)), monotonic()),
  );
  const server = await ServerProcess.start(await temporaryFolder(), sensor.env);
  const session = await startRecording(server, 60);
  await moreRows(server, 40);
  for (const seconds of STOPS_S) {
    server.child.kill('SIGSTOP');
    await after(seconds * 1000);
    server.child.kill('SIGCONT');
    await moreRows(server, 20);
  }
  await server.post('/record/stop', { session_id: session.session_id });

  const rows = await soundRows(session.storage_path);
  expect(missingNumbers(rows, sensor.sent)).toEqual([]);
  const events = await eventsOf(session.storage_path);
  // A busy machine may hold it up for a moment besides.
  const held = events.filter(
    (event) => event.kind === 'process_held_up' && Number(event['held_up_s']) > 2,
  );
  expect(held).toHaveLength(STOPS_S.length);
  for (const [place, event] of held.entries()) {
    const { held_up_s, waiting_lines, missing_readings } = event as unknown as Record<
      string,
      number
    >;
    const seconds = STOPS_S[place] ?? 0;
    expect(held_up_s).toBeGreaterThan(seconds - 0.3);
    expect(held_up_s).toBeLessThan(seconds + 1);
    expect(waiting_lines).toBeGreaterThan(seconds / PACE_S / 2);
    expect(missing_readings).toBe(0);
  }
  const kinds = new Set(events.map(({ kind }) => kind));
  for (const kind of ['sensor_silent', 'sensor_restarted', 'readings_resumed', 'lines_rejected']) {
    expect([...kinds]).not.toContain(kind);
  }

  const metadata = JSON.parse(await readFile(join(session.storage_path, 'metadata.json'), 'utf8'));
  const late = rows.map(({ value, elapsed_s }) => {
    const at = emitted.get(Math.trunc(Number(value))) ?? Number.NaN;
    return metadata.mono_start + elapsed_s - at;
  });
  // Rows that waited are as exact as their uncertainty says, not up to the whole stall late.
  const uncertainty = Math.max(
    ...held.map((event) => (event as unknown as { uncertainty_s: number }).uncertainty_s),
  );
  expect(Math.max(...late.map(Math.abs))).toBeLessThan(uncertainty + 0.1);
}, 90_000);
