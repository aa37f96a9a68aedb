import { once } from 'node:events';
import { Agent, get } from 'node:http';

/** What is measured is a service that has been asked before. */
const WARM_UP = 100;
const REQUESTS = 500;
const EVERY_MS = 10;

/** Milliseconds of 500 requests at 100 a second, sorted; each is begun on time. */
export async function requestTimes(url: string): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const pending: Promise<number>[] = [];
  for (let count = 0; count < WARM_UP + REQUESTS; count++) {
    pending.push(requestTime(url, agent));
    await new Promise((next) => setTimeout(next, EVERY_MS));
  }
  const measured = (await Promise.all(pending)).slice(WARM_UP);
  agent.destroy();
  return measured.sort((a, b) => a - b);
}

export async function requestTime(url: string, agent = new Agent()): Promise<number> {
  const begun = performance.now();
  const [answer] = await once(get(url, { agent }), 'response');
  answer.resume();
  await once(answer, 'end');
  return performance.now() - begun;
}

/** The value below which that part of the sorted times lies. */
export const quantile = (sorted: number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
