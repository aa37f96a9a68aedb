import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bench, OPTIONS } from '../support/recorder-bench.ts';
import { sampleAt } from '../support/vehicle-rows.ts';

/** The folder of a session that has ended: 250 readings in three chunks, on a way down and up. */
export async function recordedSession(format: 'jsonl' | 'csv'): Promise<string> {
  const bench = await Bench.make();
  const metadata = { mission: 'Reef 7' };
  const { session_id, storage_path } = await bench.recorder.start({ ...OPTIONS, metadata, format });
  for (let second = 0; second < 25; second += 1) {
    bench.recorder.vehicle(sampleAt(bench.clock.now(), 12 - Math.abs(second - 12)));
    bench.record(10);
  }
  await bench.recorder.stop();
  if (session_id === '') throw new Error('no session');
  return storage_path;
}

/** The same session under another id. */
export async function copyOfSession(from: string, root: string, id: string): Promise<string> {
  const to = join(root, id);
  await cp(from, to, { recursive: true });
  const path = join(to, 'metadata.json');
  const metadata = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, `${JSON.stringify({ ...metadata, session_id: id }, null, 2)}\n`);
  return to;
}
