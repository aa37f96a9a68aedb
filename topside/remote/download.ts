import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { VEHICLE_FILE } from '../../shared/vehicle.ts';
import { DAMAGED, DOWNLOAD, type Wanted } from '../layout.ts';
import { PartialFile } from '../local/partial-file.ts';
import { ending } from './answer.ts';
import { VehicleLostError } from './lost.ts';
import { type RecorderClient, RefusedError } from './recorder-client.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Attempts in a row that bring no byte before the vehicle counts as lost. */
const FRUITLESS = 3;

/** The vehicle gives, twice from the first byte on, something else than its list promises. */
export class WrongBytesError extends Error {
  override name = 'WrongBytesError';
}

export interface DownloadParts {
  vehicle: RecorderClient;
  bucket: TokenBucket;
  signal: AbortSignal;
  onBytes(session: string, count: number): void;
}

/**
 * Brings one file into `folder`, going on where an earlier attempt stopped. When this
 * resolves its bytes are synced and have their name; the folder is not synced yet.
 * `onAnew` is called before that where what was here turned out not to be its beginning.
 */
export async function download(
  parts: DownloadParts,
  folder: string,
  session: string,
  chunk: Wanted,
  onAnew: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const path = join(folder, chunk.filename);
  const file = await PartialFile.open(path + DOWNLOAD);
  try {
    const isSound = await receive(parts, file, session, chunk);
    const good = isSound || (await again());
    await file.sync();
    if (good && !isSound) await onAnew();
    await rename(path + DOWNLOAD, good ? path : path + DAMAGED);
    if (!good)
      throw new WrongBytesError(
        `the vehicle's bytes do not match its own SHA-256; they are kept as ${chunk.filename}${DAMAGED}`,
      );
  } finally {
    await file.close();
  }

  /** What an earlier attempt left may have been wrong: only a whole answer tells. */
  async function again(): Promise<boolean> {
    await file.restart();
    return receive(parts, file, session, chunk);
  }
}

/** True when the file holds exactly the chunk. Broken connections are resumed while bytes come. */
async function receive(
  parts: DownloadParts,
  file: PartialFile,
  session: string,
  chunk: Wanted,
): Promise<boolean> {
  for (let fruitless = 0; file.size < chunk.size_bytes; ) {
    const before = file.size;
    try {
      await receiveOnce(parts, file, session, chunk);
      break;
    } catch (error) {
      if (!(error instanceof VehicleLostError)) throw error;
      fruitless = file.size > before ? 0 : fruitless + 1;
      if (fruitless === FRUITLESS) throw error;
    }
  }
  return file.size === chunk.size_bytes && file.sha256() === chunk.sha256;
}

async function receiveOnce(
  parts: DownloadParts,
  file: PartialFile,
  session: string,
  chunk: Wanted,
): Promise<void> {
  const response = await openAt(parts.vehicle, file, `files/${session}/${chunk.filename}`, chunk);
  for await (const bytes of ending(response)) {
    await parts.bucket.wait(bytes.length, parts.signal);
    await file.append(bytes);
    parts.onBytes(session, bytes.length);
    if (file.size > chunk.size_bytes) return;
  }
}

/** Asks for what is missing; an answer that is the whole file starts it anew. */
async function openAt(vehicle: RecorderClient, file: PartialFile, path: string, chunk: Wanted) {
  try {
    const response = await vehicle.open(path, headersOf(file.size, chunk));
    const range = response.headers['content-range'] ?? 'bytes 0-';
    if (range.startsWith(`bytes ${file.size}-`)) return response;
    if (range.startsWith('bytes 0-')) await file.restart();
    else response.destroy(new VehicleLostError(`it answers with another range: ${range}`));
    return response;
  } catch (error) {
    if (!(error instanceof RefusedError) || error.status !== 416) throw error;
    await file.restart();
    return vehicle.open(path);
  }
}

/** A file that grows has another ETag by now, but still these bytes. */
function headersOf(from: number, { filename, size_bytes, sha256 }: Wanted) {
  if (filename === VEHICLE_FILE) return { Range: `bytes=${from}-${size_bytes - 1}` };
  return from === 0 ? {} : { Range: `bytes=${from}-`, 'If-Range': `"${sha256}"` };
}
