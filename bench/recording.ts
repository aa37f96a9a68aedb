import { type Child, startChild } from './child.ts';
import type { Figure } from './figure.ts';
import { openPageClient } from './page-client.ts';
import { cpuSeconds, seconds } from './process.ts';
import { type Service, startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

/** Nominal rates, and the sensor's settings for them; the device is about 3 % slower. */
const RATES = [
  { hz: 1, spec: 'rate=125,averaging=125' },
  { hz: 15, spec: 'rate=250,averaging=16' },
  { hz: 100, spec: 'rate=500,averaging=5' },
  { hz: 500, spec: 'rate=500,averaging=1' },
] as const;
/** What is done once after a start is over by then. */
const WARM_UP_S = 8;
const MEASURED_S = 30;
const CONDITIONS = `the whole process, sensor on a PTY in another process, ${MEASURED_S} s each`;

/** What recording costs the vehicle's processor: alone, with the page open, and with a mirror. */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { hz, spec } of RATES) figures.push(...(await atRate(hz, spec)));
  return figures;
}

function atRate(hz: number, spec: string): Promise<Figure[]> {
  return withSensor(spec, async (service, folder) => {
    const alone = await cost(service);
    const close = await openPageClient(service.base);
    const mirror = hz === 500 ? await startMirror(service.base, `${folder}-mirror`) : null;
    const watched = await cost(service);
    await close();
    await mirror?.stop();
    const name = `${hz} Hz`;
    const watchers = mirror ? 'a page and a mirror' : 'a page';
    return [
      figure(`${name}: processor for 1 000 readings`, alone.perThousand * 1000, 'ms'),
      figure(`${name}: recording`, alone.cores * 100, '% of a core'),
      {
        ...figure(`${name}: recording, ${watchers}`, watched.cores * 100, '% of a core'),
        comparedWith: 'recording alone',
        ratio: watched.cores / alone.cores,
      },
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
      await service.post('/record/start', { chunk_interval_s: 10 });
      await seconds(WARM_UP_S);
      return await use(service, folder);
    } finally {
      await service.stop();
      await simulator.stop();
    }
  });
}

async function cost({ base, pid }: Service): Promise<{ cores: number; perThousand: number }> {
  const [rows, cpu, begun] = [await readings(base), await cpuSeconds(pid), performance.now()];
  await seconds(MEASURED_S);
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
