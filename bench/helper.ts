import { scan } from '../test/blueos/helper.ts';
import type { Figure } from './figure.ts';
import { pastSession, sparseFiles } from './past-session.ts';
import { cpuSeconds, seconds } from './process.ts';
import { startService } from './service.ts';
import { startSimulator } from './simulator.ts';
import { inFolder } from './temporary.ts';

const SENSOR = 'rate=250,averaging=16';
const SESSIONS = 1000;
const CHUNKS = 2;
const WARM_UP_S = 20;
const MEASURED_S = 30;
const SCANS = 20;
/** BlueOS's Helper asks so often while somebody has its page open. */
const PERIOD_S = 60;
const CONDITIONS = `${SESSIONS} sessions on disk, sensor on a PTY in another process`;

/** What it costs that BlueOS's Helper asks every address once a minute, beside recording at 15 Hz. */
export function run(): Promise<Figure[]> {
  return inFolder('helper', async (root) => {
    for (let count = 0; count < SESSIONS; count += 1) {
      const id = await pastSession(root, CHUNKS, 1000);
      await sparseFiles(`${root}/${id}`, CHUNKS, 1000);
    }
    const simulator = await startSimulator(SENSOR);
    const service = await startService(root, simulator.environment);
    try {
      await service.post('/record/start', {});
      await seconds(WARM_UP_S);
      const alone = (await used(service.pid, () => seconds(MEASURED_S))) / MEASURED_S;
      const port = Number(new URL(service.base).port);
      const begun = performance.now();
      const busy = await used(service.pid, async () => {
        for (let count = 0; count < SCANS; count += 1) await scan([port]);
      });
      const lasted = (performance.now() - begun) / 1000;
      const each = (busy - alone * lasted) / SCANS;
      return [figure(each, alone)];
    } finally {
      await service.stop();
      await simulator.stop();
    }
  });
}

async function used(pid: number, task: () => Promise<void>): Promise<number> {
  const before = await cpuSeconds(pid);
  await task();
  return (await cpuSeconds(pid)) - before;
}

function figure(each: number, alone: number): Figure {
  return {
    ...{ name: 'A scan of BlueOS’s Helper: processor', value: each * 1000, unit: 'ms' },
    comparedWith: 'recording at 15 Hz for a minute',
    ...{ ratio: each / (alone * PERIOD_S), conditions: CONDITIONS },
  };
}
