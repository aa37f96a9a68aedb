import type { Figure } from './figure.ts';
import { openPageClient } from './page-client.ts';
import { residentMb, seconds } from './process.ts';
import { startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

/** The hour of the README is asked for with BENCH_MEMORY_MINUTES=60. */
const MINUTES = Number(process.env['BENCH_MEMORY_MINUTES'] ?? 2);
const LOOK_S = 1;

/** Memory of the service while it records at full rate with the page open: does it grow? */
export function run(): Promise<Figure[]> {
  return inFolder('memory', async (folder) => {
    const simulator = await startSimulator('rate=500,averaging=1');
    const service = await startService(folder, simulator.environment);
    const begun = performance.now();
    const minutes = () => (performance.now() - begun) / 60_000;
    try {
      await service.post('/record/start', { chunk_interval_s: 10 });
      const close = await openPageClient(service.base);
      const looks: number[] = [];
      for (; minutes() < MINUTES; await seconds(LOOK_S)) looks.push(await residentMb(service.pid));
      await close();
      return figures(looks);
    } finally {
      await service.stop();
      await simulator.stop();
    }
  });
}

function figures(looks: number[]): Figure[] {
  const quarter = (which: number) =>
    Math.max(...looks.slice((looks.length * which) / 4, (looks.length * (which + 1)) / 4));
  const conditions = `${MINUTES} min at 484 readings/s, a page open, chunks of 10 s; highest of each quarter`;
  const figure = (name: string, value: number) => ({ name, value, unit: 'MB', conditions });
  return [
    figure('resident memory, second quarter', quarter(1)),
    {
      ...figure('resident memory, last quarter', quarter(3)),
      comparedWith: 'the second quarter',
      ratio: quarter(3) / quarter(1),
    },
  ];
}
