import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Clock, isoMicros } from '../../shared/clock.ts';
import { ApiError } from '../../shared/errors.ts';
import type { MemoryRecorder } from '../live/memory-recorder.ts';
import { memoryCsv } from './csv.ts';
import { memoryParquet } from './parquet/parquet.ts';

export type MemoryFormat = 'csv' | 'parquet';

/** The in-memory recorder's readings as files and downloads. */
export class MemoryExports {
  #memory: MemoryRecorder;
  #folder: string;
  #clock: Clock;

  constructor(memory: MemoryRecorder, recordingPath: string, clock: Clock) {
    this.#memory = memory;
    this.#folder = join(recordingPath, 'exports');
    this.#clock = clock;
  }

  /** Throws nothing_recorded while nothing is in memory. */
  stream(format: MemoryFormat): { body: Readable; rows: number } {
    const readings = this.#memory.snapshot();
    if (readings.size === 0) {
      const detail = 'Nothing is in memory: POST /recording/start, and wait for readings.';
      throw new ApiError('nothing_recorded', detail);
    }
    const body = format === 'csv' ? memoryCsv(readings) : memoryParquet(readings);
    return { body, rows: readings.size };
  }

  /** Writes what is in memory into the data folder; the file appears when it is complete. */
  async flush(format: MemoryFormat): Promise<string> {
    const { body } = this.stream(format);
    const path = join(this.#folder, this.fileName(format));
    try {
      await mkdir(this.#folder, { recursive: true });
      await pipeline(body, createWriteStream(`${path}.tmp`, { flush: true }));
      await rename(`${path}.tmp`, path);
    } catch (cause) {
      throw new ApiError('storage_unavailable', 'The file could not be written to the disk.', {
        cause,
      });
    }
    return path;
  }

  fileName(format: MemoryFormat): string {
    const time = isoMicros(this.#clock.now().wallMicros).replaceAll(':', '-');
    return `readings_${time}.${format}`;
  }
}
