import { expect } from 'vitest';
import type { Chunk } from '../../shared/session.ts';
import type { ServerProcess } from '../support/server.ts';
import { recordStatus } from './recorded.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

export async function liveGoesOn(server: ServerProcess): Promise<void> {
  const latest = async () => (await server.call<{ timestamp?: string }>('/latest')).body.timestamp;
  const before = await latest();
  await expect.poll(latest, PATIENCE).not.toBe(before);
  expect((await server.call('/instrument/health')).body).toMatchObject({ state: 'ACQ_FREERUN' });
}

export async function everyChunkIsServed(server: ServerProcess, id: string): Promise<Chunk[]> {
  const { body } = await server.call<{ chunks: Chunk[] }>(`/record/snapshots?session_id=${id}`);
  for (const { filename, size_bytes } of body.chunks) {
    const { body: text } = await server.call<string>(`/files/${id}/${filename}`);
    expect(Buffer.byteLength(text)).toBe(size_bytes);
  }
  return body.chunks;
}

export const untilFailed = (server: ServerProcess) =>
  expect.poll(async () => (await recordStatus(server)).state, PATIENCE).toBe('failed');
