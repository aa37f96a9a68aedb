import { mkdir } from 'node:fs/promises';
import { syncFolder } from '../../server/files/durable-file.ts';
import { EXIT, LeaveError } from '../exit-codes.ts';
import { lockMirror } from '../local/lock.ts';
import { Follower } from '../mirror/follower.ts';
import { type MirrorParts, SessionMirror } from '../mirror/session-mirror.ts';
import { Tails } from '../mirror/tails.ts';
import type { MirrorOptions } from '../options.ts';
import { Progress } from '../progress.ts';
import { RecorderClient } from '../remote/recorder-client.ts';
import { TokenBucket } from '../remote/token-bucket.ts';
import { type Output, Report } from '../report.ts';
import { StoreCopy } from '../store/store-copy.ts';
import { jsonOutput, plainOutput, terminalOutput } from './outputs.ts';

const NO_SYNC =
  'The file system of --out can not confirm names of files: after a power cut here, run this again, and verify';
const TERMINAL_PROGRESS_MS = 250;
const LINES_PROGRESS_MS = 10_000;

/** Where text goes: process.stdout, or a test's own. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Mirrors until all is done, or until the signal. Resolves with the exit code. */
export async function mirror(
  options: MirrorOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(options.out, { recursive: true });
  const lock = await lockMirror(options.out);
  try {
    return await underLock(options, screen, signal);
  } finally {
    await lock.release();
  }
}

async function underLock(options: MirrorOptions, screen: Screen, signal: AbortSignal) {
  const vehicle = new RecorderClient(options.base, signal, options.token);
  const report = new Report(output(options, screen), new Progress(() => vehicle.nowMs()));
  const onTerminal = !options.json && screen.isTTY === true;
  const ticker = setInterval(
    () => report.now(),
    onTerminal ? TERMINAL_PROGRESS_MS : LINES_PROGRESS_MS,
  );
  if (!(await syncFolder(options.out))) report.note(NO_SYNC);
  const tails = new Tails({ vehicle, report, out: options.out, wanted: options.tail });
  const store = options.to && (await StoreCopy.open(options.to, options.vehicle, report));
  try {
    const code = await follower(options, { vehicle, report, tails, store, signal }).run();
    const unstored = await store?.settled(options.once ? options.giveUpS * 1000 : null, signal);
    return unstored ? afterUnstored(code, unstored, report) : code;
  } finally {
    await tails.stop();
    await store?.stop();
    clearInterval(ticker);
    report.now();
    report.end();
    vehicle.stop();
  }
}

/** What is missing here is worse than what is missing there. */
function afterUnstored(code: number, unstored: string, report: Report): number {
  if (code === EXIT.ok) throw new LeaveError(EXIT.storeLost, unstored);
  report.note(unstored);
  return code;
}

function output(options: MirrorOptions, screen: Screen): Output {
  const write = (text: string) => void screen.write(text);
  if (options.json) return jsonOutput(write);
  return screen.isTTY ? terminalOutput(write, () => screen.columns ?? 80) : plainOutput(write);
}

type Shared = Pick<MirrorParts, 'vehicle' | 'report' | 'tails' | 'store' | 'signal'>;

function follower(options: MirrorOptions, shared: Shared): Follower {
  const { out, join, report: wantsReport, parallel, session, sinceMs, once, giveUpS } = options;
  const bucket = new TokenBucket(options.bandwidth);
  const onBytes = (id: string, count: number) => shared.report.bytes(id, count);
  const mirror = new SessionMirror({
    ...shared,
    out,
    join,
    wantsReport,
    parallel,
    bucket,
    onBytes,
  });
  const wish = { session, sinceMs };
  return new Follower({ ...shared, mirror, wish, once, giveUpMs: giveUpS * 1000 });
}
