/** The first part of a soak fills caches, and the ring of the newest 150 000 readings. */
const WARM_UP = 0.45;
/** What a soak may grow by after that, from its first to its last third. */
const MAY_GROW = { rss_mb: 8, heap_mb: 3, handles: 2, threads: 0, timers: 2, resources: 3 };
const MEMORY_MB = 150;

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** What is not flat, as sentences; empty: all is. */
export function judge(samples) {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP));
  const third = Math.ceil(warm.length / 3);
  const findings = Object.entries(MAY_GROW).flatMap(([what, most]) => {
    const of = (some) => mean(some.map((sample) => sample[what]));
    const [from, to] = [of(warm.slice(0, third)), of(warm.slice(-third))];
    return to - from > most ? [`${what} grew from ${from.toFixed(1)} to ${to.toFixed(1)}`] : [];
  });
  const peak = Math.max(...samples.map(({ rss_mb }) => rss_mb));
  if (peak > MEMORY_MB) findings.push(`rss_mb reached ${peak.toFixed(0)}`);
  const stood = samples.some(
    (sample, at) => at > 0 && sample.total_rows <= samples[at - 1].total_rows,
  );
  if (stood || samples.some(({ state }) => state !== 'recording')) {
    findings.push('the recording did not go on');
  }
  return findings;
}
