import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import { VehicleLostError } from './lost.ts';

/** A tether may be slow, but one that is silent for so long is gone. */
const SILENCE_MS = 15_000;

/** A whole answer in memory is not longer: a day in chunks of a second is listed in 25 MB. */
const MOST_TEXT_BYTES = 64e6;
/** What came on average after so long shows whether it will ever end. */
const PATIENCE_MS = 60_000;
const LEAST_BYTES_PER_S = 100;

/** The bytes of an answer. The time that the taker needs does not count as silence. */
export async function* arriving(response: IncomingMessage): AsyncGenerator<Buffer> {
  let timer = silence(response);
  try {
    for await (const bytes of response) {
      clearTimeout(timer);
      yield bytes;
      timer = silence(response);
    }
  } catch (error) {
    throw asLost(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The same of an answer that has an end: rejects where bytes only trickle. */
export async function* ending(response: IncomingMessage): AsyncGenerator<Buffer> {
  let [waitedMs, bytes, since] = [0, 0, performance.now()];
  for await (const piece of arriving(response)) {
    waitedMs += performance.now() - since;
    bytes += piece.length;
    const isTrickle = waitedMs > PATIENCE_MS && bytes < (LEAST_BYTES_PER_S * waitedMs) / 1000;
    if (isTrickle)
      throw new VehicleLostError(`only ${bytes} bytes in ${Math.round(waitedMs / 1000)} s`);
    yield piece;
    since = performance.now();
  }
}

export function silence(stream: { destroy(error: Error): unknown }): NodeJS.Timeout {
  const error = new VehicleLostError(`silent for ${SILENCE_MS / 1000} s`);
  return setTimeout(() => stream.destroy(error), SILENCE_MS);
}

export function asLost(error: unknown): Error {
  if (error instanceof VehicleLostError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  return new VehicleLostError(message || code || 'connection lost', { cause: error });
}

export async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of ending(response)) {
    length += piece.length;
    if (length > MOST_TEXT_BYTES) throw new VehicleLostError('its answer does not end');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const errorBody = z.object({ detail: z.string() });

export async function errorWords(response: IncomingMessage): Promise<string> {
  const said = errorBody.safeParse(parseJson(await textOf(response)));
  return said.success ? said.data.detail : (response.statusMessage ?? 'no reason given');
}

/** What was checked is returned as it came: a schema would order keys and drop unknown ones. */
export function checked<S extends z.ZodType>(path: string, text: string, schema: S): z.output<S> {
  const raw = parseJson(text);
  const { error } = schema.safeParse(raw);
  if (error === undefined) return raw as z.output<S>;
  throw new VehicleLostError(`its answer to ${path} is not understood: ${z.prettifyError(error)}`);
}
