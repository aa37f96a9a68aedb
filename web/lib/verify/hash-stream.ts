import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * SHA-256 of a stream, hex, as it comes in. Not crypto.subtle: that is missing on plain http,
 * which is what a vehicle speaks, and it can't take a stream.
 */
export async function hashStream(
  stream: ReadableStream<Uint8Array>,
  onBytes: (count: number) => void,
): Promise<{ sha256: string; size: number }> {
  const hash = sha256.create();
  const reader = stream.getReader();
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    hash.update(part.value);
    size += part.value.length;
    onBytes(part.value.length);
  }
  return { sha256: bytesToHex(hash.digest()), size };
}
