import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RemoteSession } from '../../test/topside/remote.ts';
import type { LocalSession } from '../local/local-session.ts';
import { heldThrough, isComplete, plan, withChunks } from './plan.ts';

const EMPTY: LocalSession = { manifest: [], otherFiles: [], sizes: new Map(), metadata: null };

function sealed(count: number): RemoteSession {
  const session = new RemoteSession();
  for (let index = 0; index < count; index += 1) session.seal(3);
  return session;
}

function whole(session: RemoteSession): LocalSession {
  const sizes = session.chunks.map(({ filename, size_bytes }) => [filename, size_bytes] as const);
  return {
    ...EMPTY,
    manifest: session.chunks,
    sizes: new Map(sizes),
    metadata: session.metadata(),
  };
}

describe('a chunk of the vehicle', () => {
  const session = sealed(1);
  const [chunk] = session.chunks;
  const name = 'chunk_00000.jsonl';
  const size = chunk?.size_bytes ?? 0;
  const listed = chunk ? [chunk] : [];
  const other = chunk ? [{ ...chunk, sha256: '0'.repeat(64) }] : [];

  test.each([
    ['is downloaded when nothing is here', EMPTY, 'download', 0],
    ['goes on behind what is here', { sizes: new Map([[`${name}.download`, 7]]) }, 'download', 7],
    ['is kept when it is listed', { manifest: listed, sizes: new Map([[name, size]]) }, 'keep'],
    ['is checked when it is not listed', { sizes: new Map([[name, size]]) }, 'check'],
    ['replaces a cut file', { manifest: listed, sizes: new Map([[name, 5]]) }, 'replace'],
    ['replaces another one', { manifest: other, sizes: new Map([[name, size]]) }, 'replace'],
    ['is downloaded when it is only listed', { manifest: listed }, 'download', 0],
  ])('%s', (_, local, expected, from?: number) => {
    const [action] = plan(session.chunks, { ...EMPTY, ...local });
    expect(action).toEqual({ do: expected, chunk, ...(from === undefined ? {} : { from }) });
  });
});

test('held and asked for together are always every chunk', () => {
  const session = sealed(12);
  fc.assert(
    fc.property(fc.subarray(session.chunks), fc.subarray(session.chunks), (listed, there) => {
      const sizes = new Map(there.map((chunk) => [chunk.filename, chunk.size_bytes]));
      const local = { ...EMPTY, manifest: listed, sizes };
      const through = heldThrough(local);
      const asked = plan(session.chunks.slice(through + 1), local).map(({ chunk }) => chunk);
      for (const chunk of session.chunks.slice(0, through + 1)) expect(there).toContain(chunk);
      expect(withChunks(listed, asked)).toEqual(session.chunks);
    }),
  );
});

describe('a session is complete', () => {
  const session = sealed(3);
  session.state = 'complete';

  test('when it has ended and every chunk is listed and here', () => {
    expect(isComplete(session.summary(), whole(session))).toBe(true);
  });

  test('also where the vehicle has lost a chunk, whose number is not given again', () => {
    const torn = sealed(3);
    torn.state = 'complete';
    torn.chunks.splice(1, 1);
    expect(isComplete(torn.summary(), whole(torn))).toBe(true);
  });

  test.each([
    ['a chunk is not listed', { manifest: session.chunks.slice(1) }],
    ['a file is missing', { sizes: new Map() }],
    ['its end is not known here', { metadata: { ...session.metadata(), state: 'recording' } }],
    ['the vehicle has to mend it', { metadata: { ...session.metadata(), needs_recovery: true } }],
  ])('but not when %s', (_, change) => {
    expect(isComplete(session.summary(), { ...whole(session), ...change })).toBe(false);
  });
});
