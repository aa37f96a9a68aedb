/**
 * Works through items a few at a time, in order, until `enough` says so. One that fails
 * does not stop those under way; the first error is thrown when all have come to an end.
 */
export async function pool<T>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<void>,
  enough: () => boolean,
): Promise<void> {
  const errors: unknown[] = [];
  let next = 0;
  const worker = async () => {
    for (; next < items.length && errors.length === 0 && !enough(); ) {
      const item = items[next++] as T;
      try {
        await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  if (errors.length > 0) throw errors[0];
}
