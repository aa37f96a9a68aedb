import { hashStream } from './hash-stream.ts';

export interface FileToVerify {
  index: number;
  url: string;
  sha256: string;
  size: number;
}

/** What the worker tells the page. */
export type VerifyMessage =
  | { kind: 'bytes'; count: number }
  | { kind: 'file'; index: number; problem: string | null }
  | { kind: 'done' };

const TELL_EVERY_BYTES = 256 * 1024;

/** Fetches each file, hashes it, and compares with what the manifest says. */
export async function verifyFiles(
  files: readonly FileToVerify[],
  tell: (message: VerifyMessage) => void,
): Promise<void> {
  for (const file of files) {
    const problem = await verifyFile(file, tell);
    tell({ kind: 'file', index: file.index, problem });
  }
  tell({ kind: 'done' });
}

async function verifyFile(
  file: FileToVerify,
  tell: (message: VerifyMessage) => void,
): Promise<string | null> {
  let untold = 0;
  const count = (bytes: number): void => {
    untold += bytes;
    if (untold < TELL_EVERY_BYTES) return;
    tell({ kind: 'bytes', count: untold });
    untold = 0;
  };
  try {
    const response = await fetch(file.url, { cache: 'no-store' });
    if (!response.ok || !response.body) return `not readable (HTTP ${response.status})`;
    const found = await hashStream(response.body, count);
    tell({ kind: 'bytes', count: untold });
    if (found.size !== file.size) return `${found.size} bytes instead of ${file.size}`;
    return found.sha256 === file.sha256 ? null : 'the content is not what was recorded';
  } catch (error) {
    return `could not be fetched: ${error instanceof Error ? error.message : String(error)}`;
  }
}
