import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import {
  type SealedPart,
  VEHICLE_FILE,
  VEHICLE_MANIFEST,
  type VehicleSample,
} from '../../shared/vehicle.ts';
import { AppendFile } from '../files/durable-file.ts';
import { SteadyFile } from '../files/steady-file.ts';
import { isSystemError, reasonOf } from '../files/storage-error.ts';
import type { TrackSoFar } from '../format/found.ts';
import { vehicleLine } from '../format/vehicle-rows.ts';

export interface TrackPlan {
  /** The session's folder, absolute. */
  folder: string;
  soFar: TrackSoFar | null;
  /** What keeps it from being written, in words. */
  problem: string | null;
  onSealed(part: SealedPart): void;
  /** Called once, with the reason in words; from then on nothing is taken. */
  onFailure(reason: string): void;
}

/**
 * vehicle.jsonl of a session. Made with its first row; sealed from time to time. Nothing
 * here waits, or ends the recording of the light: what the disk refuses is told, and that is all.
 */
export class VehicleTrack {
  readonly #clock: Clock;
  readonly #plan: TrackPlan;
  readonly #hash: Hash;
  #file: SteadyFile | null = null;
  #manifest: AppendFile | null = null;
  #rows: number;
  #bytes: number;
  /** Bytes that a seal is made for, or was. */
  #sealedBytes: number;
  #seals: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;
  #failure: string | null;

  constructor(clock: Clock, plan: TrackPlan) {
    this.#clock = clock;
    this.#plan = plan;
    this.#hash = plan.soFar?.hash ?? createHash('sha256');
    this.#rows = plan.soFar?.part.row_count ?? 0;
    this.#bytes = plan.soFar?.part.size_bytes ?? 0;
    this.#sealedBytes = this.#bytes;
    this.#failure = plan.problem;
  }

  /** Why it is not written any more, in words. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Takes a row; never waits and never throws. */
  append(sample: VehicleSample, elapsed: number): void {
    if (this.#failure !== null || this.#closing !== null) return;
    const line = vehicleLine(sample, elapsed);
    this.#file ??= this.#open();
    this.#file.append(line);
    this.#hash.update(line);
    this.#rows += 1;
    this.#bytes += line.length;
  }

  /** Seals, in the background, what came so far. */
  seal(): void {
    const file = this.#file;
    if (file === null || this.#bytes === this.#sealedBytes) return;
    this.#sealedBytes = this.#bytes;
    const part: Omit<SealedPart, 'sealed_at'> = {
      filename: VEHICLE_FILE,
      size_bytes: this.#bytes,
      row_count: this.#rows,
      sha256: this.#hash.copy().digest('hex'),
    };
    this.#seals = this.#seals.then(() => this.#guarded(() => this.#seal(file, part)));
  }

  /** Seals everything and lets go of the files; may be called again, and never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #open(): SteadyFile {
    const { folder } = this.#plan;
    this.#manifest = new AppendFile(join(folder, VEHICLE_MANIFEST), 'a');
    return new SteadyFile(join(folder, VEHICLE_FILE), 'a', {
      onError: (error) => this.#fail(error),
      waiting: null,
    });
  }

  async #seal(file: SteadyFile, part: Omit<SealedPart, 'sealed_at'>): Promise<void> {
    await file.sync();
    const sealed = { ...part, sealed_at: isoMicros(this.#clock.now().wallMicros) };
    this.#manifest?.append(`${JSON.stringify(sealed)}\n`);
    await this.#manifest?.sync();
    this.#plan.onSealed(sealed);
  }

  async #close(): Promise<void> {
    this.seal();
    await this.#seals;
    await this.#guarded(async () => {
      await this.#file?.close();
      await this.#manifest?.close();
    });
    if (this.#failure === null) return;
    await Promise.allSettled([this.#file?.abandon(), this.#manifest?.abandon()]);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    if (this.#failure === null) await work().catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (!isSystemError(error)) throw error;
    if (this.#failure !== null) return;
    const reason = reasonOf(error);
    this.#failure = `${VEHICLE_FILE} could not be written (${reason}): the vehicle’s data is not recorded any more.`;
    this.#plan.onFailure(this.#failure);
  }
}
