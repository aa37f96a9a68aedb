import { join } from 'node:path';
import { expect } from 'vitest';
import type { ServerProcess } from '../support/server.ts';
import { textsOf } from './folder.ts';

const LAYOUT = /^(chunk_\d+\.(jsonl|csv)|(events|manifest)\.jsonl|metadata\.json)$/;

/** What the vehicle's export has besides: the mirror measured its clock. */
const TIME_COLUMNS = /,(?:time_utc,time_uncertainty_s|[-\dT:.]+Z,\d+\.\d{4})$/gm;

/**
 * A session's mirror in `out` is, byte for byte, what the vehicle has in `data`. What recovery
 * laid aside is the vehicle's own; rows that it lost in a kill are the mirror's.
 */
export async function expectEqualDisks(
  server: ServerProcess,
  session: string,
  data: string,
  out: string,
): Promise<void> {
  const texts = await textsOf(join(out, session));
  const { 'session.csv': joined, 'tail.kept.jsonl': _, ...mine } = texts;
  const theirs = Object.entries(await textsOf(join(data, session)));
  expect(mine).toEqual(Object.fromEntries(theirs.filter(([name]) => LAYOUT.test(name))));
  const { body } = await server.call<string>(`/sessions/${session}/export?format=csv`);
  expect(joined).toBe(body.replaceAll(TIME_COLUMNS, ''));
}
