import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { Catalogue } from '../../server/catalogue/catalogue.ts';
import { readManifest } from '../../server/format/manifest.ts';
import { Recorder, type RecorderParts } from '../../server/recording/recorder.ts';
import { closeFolder } from '../../server/recovery/close-folder.ts';
import { Judge } from '../../server/recovery/judge.ts';
import { closeOlder, recover } from '../../server/recovery/recovery.ts';
import type { Clock, Instant } from '../../shared/clock.ts';
import type { Reading } from '../../shared/reading.ts';
import type { Chunk } from '../../shared/session.ts';
import type { VehicleSetup } from '../../shared/vehicle.ts';

/** 2025-11-12T14:30:45Z. */
const START_MICROS = 1_762_957_845e6;

/** Time for tests: both clocks stand still until they are moved. */
export class HandClock implements Clock {
  wallMicros = START_MICROS;
  mono = 1000;

  now(): Instant {
    return { wallMicros: this.wallMicros, mono: this.mono };
  }

  /** Time goes by. */
  pass(seconds: number): void {
    this.mono += seconds;
    this.wallMicros += seconds * 1e6;
  }

  /** Somebody sets the wall clock. */
  step(seconds: number): void {
    this.wallMicros += seconds * 1e6;
  }
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, 'qsensor-recording-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function readingAt({ wallMicros, mono }: Instant, value = '0.010046'): Reading {
  const sensorId = 'serial 123   ';
  return {
    ...{ wallMicros, mono, sensorId, value },
    ...{ mode: 'freerun', temperature: '27.68', voltage: '7.494' },
  };
}

export const OPTIONS = {
  chunkIntervalS: 10,
  metadata: {},
  port: '/dev/ttyUSB0',
  baud: 9600,
  sensor: null,
};

/** As the settings are by default. */
export const SEA: VehicleSetup = {
  ...{ water_density_kg_m3: 1025, sensor_below_port_m: 0, sensor_mount_deg: 0 },
};

/** A recorder on a folder of its own, with time in the hand of the test. */
export class Bench {
  readonly root: string;
  readonly clock: HandClock;
  readonly recorder: Recorder;
  readonly failures: string[] = [];
  readonly sealed: string[] = [];
  onFlush = (): void => undefined;

  private constructor(root: string, clock: HandClock, parts: Partial<RecorderParts>) {
    this.root = root;
    this.clock = clock;
    const defaults: RecorderParts = {
      ...{ root, clock, softwareVersion: 'test' },
      reserveBytes: () => 0,
      collector: () => 'cosine',
      vehicleSetup: () => SEA,
      clockState: () => ({ is_set: null, comparisons: [] }),
      closeFolder,
      closeInterrupted: (found) => closeOlder(found, clock),
    };
    this.recorder = new Recorder({ ...defaults, ...parts });
    this.recorder.listen({
      sealed: (chunk) => this.sealed.push(chunk.filename),
      began: () => undefined,
      flushPending: () => this.onFlush(),
      failed: (reason) => this.failures.push(reason),
    });
  }

  /** Whatever it still records is closed when the test is over. */
  static async make(parts: Partial<RecorderParts> = {}): Promise<Bench> {
    const bench = new Bench(parts.root ?? (await temporaryFolder()), new HandClock(), parts);
    onTestFinished(async () => {
      if (bench.recorder.isRecording) await bench.recorder.suspend();
    });
    return bench;
  }

  /** The same folder after a restart of the process, some seconds later. */
  async restarted(seconds = 5): Promise<Bench> {
    const next = await Bench.make({ root: this.root });
    Object.assign(next.clock, this.clock.now());
    next.clock.pass(seconds);
    return next;
  }

  /** Rows at a rate, as time goes by. */
  record(rows: number, hertz = 10): void {
    for (let row = 0; row < rows; row += 1) {
      this.recorder.append(readingAt(this.clock));
      this.clock.pass(1 / hertz);
    }
  }

  async recover() {
    const { report, resumable } = await recover(this.root, this.clock);
    if (resumable) await this.recorder.resume(resumable);
    return report;
  }

  catalogue(): Catalogue {
    const { root, clock, recorder } = this;
    const isInHand = (id: string) => recorder.holds(id);
    const judge = new Judge({ root, clock, isInHand, onMended: () => undefined });
    return new Catalogue({ root, recorder, judge });
  }

  folder(sessionId: string): string {
    return join(this.root, sessionId);
  }

  /** Waits until so many chunks are finalized. */
  async untilSealed(chunks: number): Promise<void> {
    await vi.waitFor(
      () => {
        if (this.sealed.length < chunks) throw new Error(`${this.sealed.length} chunks`);
      },
      { timeout: 10_000, interval: 5 },
    );
  }
}

interface StoredRow {
  seq: number;
  elapsed_s: number;
  timestamp: string;
}

/**
 * The rows of a session as a client gets them: of every chunk in the manifest, after
 * its size, SHA-256 and number of rows have been compared with the file.
 */
export async function verifiedRows(folder: string): Promise<StoredRow[]> {
  const { chunks } = await readManifest(folder);
  const rows: StoredRow[] = [];
  for (const chunk of chunks) rows.push(...(await verifiedChunk(folder, chunk)));
  return rows;
}

async function verifiedChunk(folder: string, chunk: Chunk): Promise<StoredRow[]> {
  const bytes = await readFile(join(folder, chunk.filename));
  const text = bytes.toString('utf8');
  const rows = text.split('\n').slice(0, -1);
  const found = {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    rows: rows.length,
    whole: text.endsWith('\n'),
  };
  const { size_bytes: size, sha256, row_count } = chunk;
  const listed = { size, sha256, rows: row_count, whole: true };
  if (JSON.stringify(found) !== JSON.stringify(listed)) {
    throw new Error(`${chunk.filename}: ${JSON.stringify({ found, listed })}`);
  }
  return rows.map((row) => JSON.parse(row) as StoredRow);
}

export async function filesLike(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
}
