import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Bench, filesLike, OPTIONS, verifiedRows } from '../../test/support/recorder-bench.ts';
import { readMetadata } from '../format/metadata.ts';

/** A file system of 1 MiB of its own, until the test is over. */
function smallDisk(): string {
  const path = mkdtempSync(join(tmpdir(), 'qsensor-disk-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'pipe' });
  } catch (cause) {
    throw new Error('mount failed: this test needs root, for a small disk to fill.', { cause });
  }
  onTestFinished(() => void execFileSync('umount', [path]));
  return path;
}

/** A recorder on a disk that another program fills up to the last bytes. */
async function nearlyFull(): Promise<{ bench: Bench; filler: string }> {
  const root = smallDisk();
  const bench = await Bench.make({ root });
  await bench.recorder.start(OPTIONS);
  bench.record(100);
  await bench.untilSealed(0);
  const filler = join(root, 'filler');
  await writeFile(filler, Buffer.alloc(2 * 1024 * 1024)).catch((error: unknown) => {
    if (!String(error).includes('ENOSPC')) throw error;
  });
  return { bench, filler };
}

const untilFailed = (bench: Bench) =>
  vi.waitFor(() => expect(bench.failures).toHaveLength(1), { timeout: 10_000 });

describe('a disk that is full', () => {
  test('ends the session with the reason, and refuses the next start', async () => {
    const { bench } = await nearlyFull();
    bench.record(20_000, 1000);
    await untilFailed(bench);
    expect(bench.failures[0]).toContain('ENOSPC');
    expect(bench.recorder.status()).toMatchObject({ is_recording: false, state: 'failed' });
    await expect(bench.recorder.start(OPTIONS)).rejects.toMatchObject({ code: 'disk_full' });
  });

  test('keeps every whole row that it took, and goes on when there is room again', async () => {
    const { bench, filler } = await nearlyFull();
    bench.record(20_000, 1000);
    await untilFailed(bench);
    await rm(filler);
    const next = await bench.restarted();
    await next.recover();
    const [id = ''] = await filesLike(bench.root, /^[0-9a-f-]{36}$/);
    const seqs = (await verifiedRows(bench.folder(id))).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, seq) => seq));
    expect(await filesLike(bench.folder(id), /\.part$/)).toEqual([]);
    expect(await readMetadata(bench.folder(id))).toMatchObject({ total_rows: seqs.length });
  });
});
