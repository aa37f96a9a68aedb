import { get, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Contract, recorded } from './contract.ts';

/** A vehicle with a session, and the address of the page's script. */
async function recordedVehicle() {
  const vehicle = await Contract.start();
  const id = await recorded(vehicle, 2);
  await vehicle.post('/record/stop', { session_id: id });
  const page = await fetch(`${vehicle.server.base}/`).then((answer) => answer.text());
  const script = `/${/assets\/[\w-]+\.js/.exec(page)?.[0]}`;
  const asked = (path: string, accept: string | null, more: Record<string, string> = {}) =>
    raw(vehicle.server.base + path, accept, more);
  return { vehicle, id, script, asked };
}

/** As it comes over the wire, not unpacked. */
async function raw(url: string, accept: string | null, more: Record<string, string>) {
  const headers = { ...more, ...(accept === null ? {} : { 'Accept-Encoding': accept }) };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).once('error', reject);
  });
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  const { 'content-encoding': encoding = null } = answer.headers;
  return {
    status: answer.statusCode,
    encoding,
    headers: answer.headers,
    bytes: Buffer.concat(pieces),
  };
}

const unpack = { br: brotliDecompressSync, gzip: gunzipSync };

const TAKEN: readonly (readonly [accept: string | null, encoding: 'br' | 'gzip' | null])[] = [
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate', 'gzip'],
  ['*', 'gzip'],
  ['deflate', null],
  ['br;q=0, gzip', 'gzip'],
  ['identity', null],
  [null, null],
];

test('the page and JSON come packed as the client takes them', async () => {
  const { script, asked } = await recordedVehicle();
  for (const path of [script, '/openapi.json', '/recent?seconds=60', '/docs/swagger-ui.css']) {
    const plain = await asked(path, null);
    for (const [accept, encoding] of TAKEN) {
      const got = await asked(path, accept);
      expect([path, accept, got.status, got.encoding]).toEqual([path, accept, 200, encoding]);
      expect(got.headers.vary).toContain('Accept-Encoding');
      expect(got.headers['content-type']).toBe(plain.headers['content-type']);
      const bytes = encoding === null ? got.bytes : unpack[encoding](got.bytes);
      expect(bytes.equals(plain.bytes)).toBe(true);
      if (encoding !== null) expect(got.bytes.length).toBeLessThan(plain.bytes.length / 2);
    }
  }
});

test('chunks, exports and what is short come as they are, and 304 is found either way', async () => {
  const { vehicle, id, script, asked } = await recordedVehicle();
  const { body } = await vehicle.get<{ chunks: { filename: string }[] }>(`/sessions/${id}`);
  const exported = `/sessions/${id}/export?format=`;
  const chunk = `/files/${id}/${body.chunks[0]?.filename}`;
  for (const path of [chunk, `${exported}jsonl`, `${exported}csv`, `${exported}zip`, '/health']) {
    expect([path, (await asked(path, 'gzip, br')).encoding]).toEqual([path, null]);
  }
  const part = await asked(script, 'gzip, br', { Range: 'bytes=0-9' });
  expect([part.status, part.encoding, part.bytes.length]).toEqual([206, null, 10]);
  const first = await asked('/openapi.json', 'gzip');
  const known = { 'If-None-Match': String(first.headers.etag) };
  expect((await asked('/openapi.json', 'gzip', known)).status).toBe(304);
  expect((await asked('/openapi.json', null, known)).status).toBe(304);
});
