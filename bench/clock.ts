import type { Figure } from './figure.ts';
import { quantile, requestTimes } from './requests.ts';
import { startService } from './service.ts';
import { inFolder } from './temporary.ts';

const SENSOR = {
  SERIAL_PORT: 'sim:rate=500,averaging=1,baud=115200,temperature=0',
  SERIAL_BAUD: '115200',
};
const CONDITIONS = 'a session at 484 readings/s, a chunk sealed each second, 100 requests a second';

/** How quickly the vehicle's clock is told while it records: clients compute an offset from it. */
export function run(): Promise<Figure[]> {
  return inFolder('clock', async (folder) => {
    const service = await startService(folder, SENSOR);
    try {
      const idle = await requestTimes(`${service.base}/api/sync/time`);
      await service.post('/record/start', { chunk_interval_s: 1 });
      const busy = await requestTimes(`${service.base}/api/sync/time`);
      return [figure('p50', idle, busy, 0.5), figure('p99', idle, busy, 0.99)];
    } finally {
      await service.stop();
    }
  });
}

function figure(name: string, idle: number[], busy: number[], part: number): Figure {
  const value = quantile(busy, part);
  return {
    name: `/api/sync/time while recording, ${name}`,
    value,
    unit: 'ms',
    comparedWith: 'the same while idle',
    ratio: value / quantile(idle, part),
    conditions: CONDITIONS,
  };
}
