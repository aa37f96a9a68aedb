import { setImmediate as turn } from 'node:timers/promises';

/** Long work in pieces: between two of them everything else has its turn. */
export async function* inTurns<T>(pieces: Iterable<T>): AsyncGenerator<T> {
  for (const piece of pieces) {
    yield piece;
    await turn();
  }
}
