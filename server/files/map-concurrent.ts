/** Files that are read at the same time: hundreds of sessions must not use up the file handles. */
const AT_ONCE = 16;

export interface Concurrency {
  /** Items that are under way at the same time. */
  parallel?: number;
  /** Asked before each item; when true, no more are begun. */
  isEnough?: () => boolean;
}

/**
 * Maps items a few at a time, begun in their order; results in that order, too. One that fails
 * does not stop those under way, but nothing more is begun: the first error is thrown at the end.
 */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  each: (item: T) => R | Promise<R>,
  { parallel = AT_ONCE, isEnough = () => false }: Concurrency = {},
): Promise<R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  const left = items.entries();
  const worker = async (): Promise<void> => {
    for (const [position, item] of left) {
      if (errors.length > 0 || isEnough()) return;
      try {
        results[position] = await each(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}
