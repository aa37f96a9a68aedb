import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineTime } from '../server/clock.ts';
import { SimulatedDevice } from '../server/simulator/device.ts';
import { startPty } from '../server/simulator/pty.ts';
import { averageSeconds, type Settings } from '../server/simulator/settings.ts';
import { steadyTimes } from '../shared/time/steady-times.ts';
import type { Figure } from './figure.ts';
import { seconds } from './process.ts';
import { quantile } from './requests.ts';
import { startService } from './service.ts';
import { inFolder } from './temporary.ts';

const BAUD = 115_200;
/** As FTDI adapters come from the factory. */
const BURST_MS = 16;
const RECORDED_S = 40;
const SENSORS: Record<string, Pick<Settings, 'rate' | 'averaging'>> = {
  '15 a second': { rate: 125, averaging: 8 },
  '125 a second': { rate: 125, averaging: 1 },
  '427 a second': { rate: 500, averaging: 1 },
};

/** Of a reading, in seconds of the machine's monotonic clock. */
interface Truth {
  ended: number;
  arrived: number;
}

/** By how much `elapsed_s`, and the steady time made of it, is off the moment at which a line left the sensor. */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, settings] of Object.entries(SENSORS)) {
    figures.push(...(await errors(name, settings)));
  }
  return figures;
}

function errors(name: string, settings: Pick<Settings, 'rate' | 'averaging'>): Promise<Figure[]> {
  return inFolder('times', async (root) => {
    const truth = new Map<number, Truth>();
    const device = numberedDevice(settings, truth);
    const pty = await startPty(device);
    const environment = { SERIAL_PORT: pty.path, SERIAL_BAUD: `${BAUD}` };
    const service = await startService(root, environment);
    try {
      const { session_id } = await service.post<{ session_id: string }>('/record/start', {});
      await seconds(RECORDED_S);
      await service.post('/record/stop', { session_id });
      return figuresOf(name, truth, await recordedTimes(join(root, session_id)));
    } finally {
      await service.stop();
      await pty.close();
    }
  });
}

/** Its values are 0, 1, 2 ...: each line is known from its value. */
function numberedDevice(
  settings: Pick<Settings, 'rate' | 'averaging'>,
  truth: Map<number, Truth>,
): SimulatedDevice {
  let made = 0;
  const device = new SimulatedDevice({
    settings: { baud: BAUD, ...settings },
    burst: BURST_MS,
    averages: (_count, began, now) => ({
      at: began + averageSeconds(now),
      value: (made++).toFixed(now.decimals),
      temperature: '21.34',
      voltage: '7.494',
    }),
  });
  const offset = machineTime().monoSeconds() - performance.now() / 1000;
  device.onReading(({ text, mono, ended }) => {
    truth.set(Number.parseInt(text, 10), { ended: ended + offset, arrived: mono + offset });
  });
  return device;
}

/** Of each recorded value, the time on the machine's monotonic clock. */
async function recordedTimes(folder: string): Promise<Map<number, number>> {
  const { mono_start } = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8'));
  const names = (await readdir(folder)).filter((name) => /^chunk_\d+\.jsonl$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const lines = texts.join('').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const { value, elapsed_s } = JSON.parse(line) as { value: number; elapsed_s: number };
      return [value, mono_start + elapsed_s];
    }),
  );
}

function figuresOf(
  name: string,
  truth: ReadonlyMap<number, Truth>,
  recorded: ReadonlyMap<number, number>,
): Figure[] {
  const steady = steadyTimes([...recorded.values()]);
  const told = [...recorded].map(([value, at], place) => ({
    ...{ at, steady: steady[place] ?? Number.NaN },
    known: truth.get(value),
  }));
  const pairs = told.flatMap(({ known, ...times }) => (known ? [{ ...times, ...known }] : []));
  const atArrival = sorted(pairs.map(({ arrived, ended }) => (arrived - ended) * 1000));
  const asRecorded = sorted(pairs.map(({ at, ended }) => Math.abs(at - ended) * 1000));
  const madeSteady = sorted(pairs.map((pair) => Math.abs(pair.steady - pair.ended) * 1000));
  const conditions = `PTY in bursts of ${BURST_MS} ms at ${BAUD} baud, ${RECORDED_S} s`;
  const figures = (what: string, errors: number[]) =>
    [0.5, 0.99].map((part) => ({
      name: `error of ${what}, ${name}, p${part * 100}`,
      value: quantile(errors, part),
      unit: 'ms',
      comparedWith: 'the time at which the burst came',
      ratio: quantile(errors, part) / quantile(atArrival, part),
      conditions,
    }));
  return [...figures('elapsed_s', asRecorded), ...figures('steady times', madeSteady)];
}

const sorted = (numbers: number[]) => numbers.sort((a, b) => a - b);
