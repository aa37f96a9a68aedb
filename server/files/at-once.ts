/** Files that are read at the same time: hundreds of sessions must not use up the file handles. */
const AT_ONCE = 16;

/** Like Promise.all over `each`, a few at a time; results in the order of the items. */
export async function inTurns<T, R>(
  items: readonly T[],
  each: (item: T) => R | Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()].values();
  const worker = async (): Promise<void> => {
    for (const [position, item] of waiting) results[position] = await each(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
