import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashStream } from './hash-stream.ts';

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** Test vectors of FIPS 180-4. */
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('the SHA-256 of %j is that of the standard', async (content, sha256) => {
  const found = await hashStream(streamOf([text(content)]), () => {});
  expect(found).toEqual({ sha256, size: content.length });
});

test('it does not matter how the stream is cut, and every byte is counted', async () => {
  const part = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 20 }), async (parts) => {
      let counted = 0;
      const found = await hashStream(streamOf(parts), (count) => {
        counted += count;
      });
      const whole = new Uint8Array(parts.flatMap((bytes) => [...bytes]));
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
      const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      expect(found).toEqual({ sha256: hex, size: whole.length });
      expect(counted).toBe(whole.length);
    }),
  );
});
