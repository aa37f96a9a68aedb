const MOST_DECADES_WITH_PARTS = 3;

/** Ticks of a log axis that begins and ends at decades: with 2 and 5 between while few decades show. */
export function logTicks(min: number, max: number): { value: number }[] {
  const first = Math.round(Math.log10(min));
  const last = Math.round(Math.log10(max));
  const parts = last - first <= MOST_DECADES_WITH_PARTS ? [1, 2, 5] : [1];
  const ticks: { value: number }[] = [];
  for (let decade = first; decade <= last; decade += 1) {
    for (const part of parts) {
      const value = Number(`${part}e${decade}`);
      if (value <= max * 1.0001) ticks.push({ value });
    }
  }
  return ticks;
}
