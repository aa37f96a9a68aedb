import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FilePart, pumpFile } from './pump.ts';

const path = join(tmpdir(), `pump-${process.pid}`);
const bytes = randomBytes(1_500_000);
beforeAll(() => writeFile(path, bytes));
afterAll(() => rm(path));

/** What a client gets over a socket. */
async function received(part: FilePart): Promise<Buffer> {
  const server = createServer((_request, response) => void pumpFile(path, part, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const got = await (await fetch(`http://127.0.0.1:${port}`)).arrayBuffer();
  server.close();
  return Buffer.from(got);
}

test('any part of a file arrives as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
      const [start, end] = a < b ? [a, b] : [b, a];
      const got = await received({ start, length: end - start });
      expect(got.equals(bytes.subarray(start, end))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('a block stays as it is until the reader has taken it', async () => {
  const got: Buffer[] = [];
  const slow = new Writable({
    write(block: Buffer, _encoding, done) {
      setTimeout(() => {
        got.push(Buffer.from(block));
        done();
      }, 5);
    },
  });
  await pumpFile(path, { start: 0, length: bytes.length }, slow);
  expect(Buffer.concat(got).equals(bytes)).toBe(true);
});

test('a reader that goes away, and a file that is shorter, end it', async () => {
  const gone = new Writable({ write: () => gone.destroy() });
  await expect(pumpFile(path, { start: 0, length: bytes.length }, gone)).rejects.toThrow('gone');
  const to = new PassThrough().resume();
  const beyond = pumpFile(path, { start: 0, length: bytes.length + 1 }, to);
  await expect(beyond).rejects.toMatchObject({ code: 'storage_unavailable' });
});
