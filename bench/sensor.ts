import { machineTime, SystemClock } from '../server/clock.ts';
import { Sensor } from '../server/sensor/sensor.ts';
import { openRealPort } from '../server/serial/real-port.ts';
import { SimulatedDevice } from '../server/simulator/device.ts';
import { startPty } from '../server/simulator/pty.ts';
import { NO_STALLS } from '../shared/stalls.ts';
import type { Figure } from './figure.ts';

const PROMPT = 'Select the letter of the menu entry:\r\n';
const RUNS = 3;

/** One step of the shortest dialogue there is: what is sent, and what ends the answer. */
type Step = [send: string, until: RegExp];

const MENU: Step = ['\x1b', new RegExp(PROMPT)];
const SCRIPTS: Record<string, Step[]> = {
  connect: [MENU, ['^', /(,[^\r\n]*){13}\r\n/]],
  averaging: [
    ['A', /65535\): /],
    ['16\r', new RegExp(PROMPT)],
  ],
  rate: [
    ['R', /Enter selection: /],
    ['250\r', new RegExp(PROMPT)],
  ],
  mode: [
    ['M', /mode number: /],
    ['1', /acquisition software : /],
    ['A', new RegExp(PROMPT)],
  ],
  start: [['X', /quiet mode =0\r\n/]],
};

/** Connect and settings on a true serial port, against the device's own delays and bytes. */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const baud of [9600, 115_200]) {
    const floors = await medians(() => shortest(baud));
    const ours = await medians(() => sensor(baud));
    for (const [name, seconds] of ours) {
      figures.push({
        name: `${name} at ${baud} baud`,
        value: seconds,
        unit: 's',
        comparedWith: 'the shortest dialogue with the device',
        ratio: seconds / (floors.get(name) ?? Number.NaN),
        conditions: `PTY, bytes paced, median of ${RUNS}`,
      });
    }
  }
  return figures;
}

async function medians(measure: () => Promise<Map<string, number>>): Promise<Map<string, number>> {
  const runs: Map<string, number>[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await measure());
  const names = [...(runs[0]?.keys() ?? [])];
  return new Map(
    names.map((name) => {
      const sorted = runs.map((times) => times.get(name) ?? 0).sort((a, b) => a - b);
      return [name, sorted[Math.floor(RUNS / 2)] ?? 0];
    }),
  );
}

async function onPty<T>(baud: number, use: (path: string) => Promise<T>): Promise<T> {
  const device = new SimulatedDevice({ settings: { baud }, burst: 0 });
  const pty = await startPty(device);
  try {
    await new Promise((sampling) => device.onReading(sampling));
    return await use(pty.path);
  } finally {
    await pty.close();
  }
}

async function timed(times: Map<string, number>, name: string, action: () => Promise<unknown>) {
  const begun = performance.now();
  await action();
  times.set(name, (performance.now() - begun) / 1000);
}

/** Knows what comes, checks nothing: no controller can be faster. */
function shortest(baud: number): Promise<Map<string, number>> {
  return onPty(baud, async (path) => {
    const times = new Map<string, number>();
    const port = await openRealPort(path, baud);
    let text = '';
    let arrived = () => {};
    port.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      arrived();
    });
    const expect = async (until: RegExp) => {
      while (!until.test(text)) await new Promise<void>((resolve) => (arrived = resolve));
      text = text.slice((until.exec(text)?.index ?? 0) + 1);
    };
    for (const [name, steps] of Object.entries(SCRIPTS)) {
      if (name === 'averaging') await expect(new RegExp(PROMPT));
      await timed(times, name, async () => {
        for (const [send, until] of steps) {
          text = '';
          port.write(Buffer.from(send, 'latin1'));
          await expect(until);
        }
      });
    }
    await new Promise((closed) => port.destroy().once('close', closed));
    return times;
  });
}

function sensor(baud: number): Promise<Map<string, number>> {
  return onPty(baud, async (path) => {
    const times = new Map<string, number>();
    const nothing = () => {};
    const tested = new Sensor({
      openPort: openRealPort,
      findPort: async (port) => port,
      isPresent: async () => true,
      isSamePort: async (one, other) => one === other,
      clock: new SystemClock(machineTime()),
      stalls: NO_STALLS,
      listener: { reading: nothing, event: nothing, identified: nothing },
    });
    await timed(times, 'connect', () => tested.connect(path, baud));
    await tested.configure({});
    await timed(times, 'averaging', () => tested.configure({ averaging: 16 }));
    await timed(times, 'rate', () => tested.configure({ adc_rate_hz: 250 }));
    await timed(times, 'mode', () => tested.configure({ mode: 'polled', tag: 'A' }));
    await timed(times, 'start', () => tested.start(1));
    await tested.disconnect();
    return times;
  });
}
