import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAIN, ServerProcess, temporaryFolder } from '../support/server.ts';
import { FAST } from '../support/simulated.ts';
import { Command } from '../topside/command.ts';
import { moreRows, recordStatus, soundRows, startRecording } from './recorded.ts';

/** A start that is refused: what it says, and how it ends. */
async function refusedStart(folder: string): Promise<{ said: string; code: number }> {
  const env = { ...process.env, ...FAST, CHUNK_RECORDING_PATH: folder, API_PORT: '0' };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      said += piece;
    });
  }
  const [code] = await once(child, 'close');
  return { said, code };
}

async function filesIn(folder: string): Promise<Map<string, number>> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return new Map(names.map((name, place) => [name, sizes[place] ?? 0]));
}

test('a second recorder on one folder is refused in one line and touches nothing; after a kill the next one has it', async () => {
  const folder = await temporaryFolder();
  const first = await ServerProcess.start(folder, FAST);
  const session = await startRecording(first, 1);
  await moreRows(first, 200);
  const before = await filesIn(session.storage_path);
  const { said, code } = await refusedStart(folder);
  expect([code, said.trim().split('\n')]).toEqual([
    1,
    [expect.stringMatching(/^CHUNK_RECORDING_PATH: .* in use by qsensor-recorder, process \d+\./)],
  ]);
  expect(said).toContain(`process ${first.child.pid}`);
  const after = await filesIn(session.storage_path);
  for (const [name, size] of before) {
    if (/^chunk_\d+\.jsonl$/.test(name)) expect([name, after.get(name)]).toEqual([name, size]);
  }

  const mirror = new Command([first.base, '--out', folder, '--once']);
  expect(await mirror.ended, mirror.output).toBe(4);
  expect(mirror.output).toContain('qsensor-recorder');

  await first.kill();
  const second = await ServerProcess.start(folder, FAST);
  await moreRows(second, 20);
  expect(await recordStatus(second)).toMatchObject({ session_id: session.session_id });
  await second.post('/record/stop', { session_id: session.session_id });
  await soundRows(session.storage_path);
  await second.stop();
  expect((await readdir(folder)).filter((name) => name.startsWith('.qsensor.lock'))).toEqual([]);
});
