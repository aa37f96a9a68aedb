import { type Child, startChild } from './child.ts';
import type { Figure } from './figure.ts';
import { openPageClient } from './page-client.ts';
import { cpuSeconds, seconds } from './process.ts';
import { type Service, startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

/** Nominal rates, and the sensor's settings for them; the device is about 3 % slower. */
const RATES: readonly Rate[] = [
  { hz: 1, spec: 'rate=125,averaging=125', measuredS: 40, watchers: 'a page' },
  { hz: 15, spec: 'rate=250,averaging=16', measuredS: 15, watchers: null },
  { hz: 100, spec: 'rate=500,averaging=5', measuredS: 15, watchers: null },
  { hz: 500, spec: 'rate=500,averaging=1', measuredS: 30, watchers: 'a page and a mirror' },
];
/** What is done once after a start, and the last of its garbage, is over by then. */
const WARM_UP_S = 20;
const CONDITIONS = 'the whole process, sensor on a PTY in another process, chunks of 60 s';

interface Rate {
  hz: number;
  spec: string;
  measuredS: number;
  watchers: 'a page' | 'a page and a mirror' | null;
}

/** What recording costs the vehicle's processor: alone, with the page open, and with a mirror. */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const rate of RATES) figures.push(...(await atRate(rate)));
  return figures;
}

function atRate({ hz, spec, measuredS, watchers }: Rate): Promise<Figure[]> {
  return withSensor(spec, async (service, folder) => {
    const alone = await cost(service, measuredS);
    const figures = [
      figure(`${hz} Hz: processor for 1 000 readings`, alone.perThousand * 1000, 'ms'),
      figure(`${hz} Hz: recording`, alone.cores * 100, '% of a core'),
    ];
    if (watchers === null) return figures;
    const close = await openPageClient(service.base);
    const withMirror = watchers === 'a page and a mirror';
    const mirror = withMirror ? await startMirror(service.base, `${folder}-mirror`) : null;
    const watched = await cost(service, measuredS);
    await close();
    await mirror?.stop();
    const name = `${hz} Hz: recording, with ${watchers}`;
    const ratio = watched.cores / alone.cores;
    const comparedWith = 'recording alone';
    return [
      ...figures,
      { ...figure(name, watched.cores * 100, '% of a core'), comparedWith, ratio },
    ];
  });
}

/** A session that is being recorded, warmed up. */
function withSensor(
  spec: string,
  use: (service: Service, folder: string) => Promise<Figure[]>,
): Promise<Figure[]> {
  return inFolder('recording', async (root) => {
    const simulator = await startSimulator(spec);
    const folder = `${root}/vehicle`;
    const service = await startService(folder, simulator.environment);
    try {
      await service.post('/record/start', {});
      await seconds(WARM_UP_S);
      return await use(service, folder);
    } finally {
      await service.stop();
      await simulator.stop();
    }
  });
}

async function cost({ base, pid }: Service, measuredS: number) {
  const [rows, cpu, begun] = [await readings(base), await cpuSeconds(pid), performance.now()];
  await seconds(measuredS);
  const used = (await cpuSeconds(pid)) - cpu;
  const elapsed = (performance.now() - begun) / 1000;
  return { cores: used / elapsed, perThousand: (used / ((await readings(base)) - rows)) * 1000 };
}

async function readings(base: string): Promise<number> {
  const answer = await fetch(`${base}/stats`);
  return ((await answer.json()) as { row_count: number }).row_count;
}

function startMirror(base: string, out: string): Promise<Child> {
  return startChild(['dist/topside/main.js', base, '--out', out, '--join', 'none'], '');
}

function figure(name: string, value: number, unit: string): Figure {
  return { name, value, unit, conditions: CONDITIONS };
}
