import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SimulatedDevice } from '../../server/simulator/device.ts';
import { type Pty, startPty } from '../../server/simulator/pty.ts';
import { averageSeconds, type Settings } from '../../server/simulator/settings.ts';

/** Its own delays are this much shorter, so that a restart of the server costs little. */
const SPEED = 8;

/** The other fields of every reading: a row with others was not sent. */
const TEMPERATURE = '21.34';
const VOLTAGE = '7.494';

/** ADC settings that give about so many readings a second at {@link SPEED}. */
const RATES: Record<number, Pick<Settings, 'rate' | 'averaging'>> = {
  15: { rate: 125, averaging: 66 },
  500: { rate: 500, averaging: 8 },
};

/** A sensor on a pseudo-terminal whose readings are 0, 1, 2 ...: each is known from its value. */
export class NumberedSensor {
  readonly device: SimulatedDevice;
  /** Null while it is unplugged. */
  #pty: Pty | null = null;
  /** Stays when the terminal behind it changes, as names in /dev/serial/by-id do. */
  readonly #link: string;
  readonly #made: () => number;
  /** Numbers of the readings that went to the port whole, in order. */
  readonly sent: number[] = [];

  private constructor(device: SimulatedDevice, link: string, made: () => number) {
    this.device = device;
    this.#link = link;
    this.#made = made;
  }

  static async start(hertz: 15 | 500, settings: Partial<Settings> = {}): Promise<NumberedSensor> {
    let made = 0;
    const device = new SimulatedDevice({
      settings: { baud: 115_200, ...RATES[hertz], ...settings },
      speed: SPEED,
      averages: (_count, began, now) => ({
        at: began + averageSeconds(now),
        value: (made++).toFixed(now.decimals),
        temperature: TEMPERATURE,
        voltage: VOLTAGE,
      }),
    });
    const folder = await mkdtemp('/dev/shm/qsensor-');
    onTestFinished(() => rm(folder, { recursive: true }));
    const sensor = new NumberedSensor(device, join(folder, 'port'), () => made);
    device.onReading(({ text, delivered }) => {
      if (delivered) sensor.sent.push(Math.trunc(Number(text.split(',')[0])));
    });
    await sensor.plug();
    onTestFinished(async () => {
      await sensor.unplug();
      device.powerOff();
    });
    return sensor;
  }

  /** On a terminal of its own each time, under the same name. */
  async plug(): Promise<void> {
    this.#pty = await startPty(this.device);
    await symlink(this.#pty.path, this.#link);
  }

  async unplug(): Promise<void> {
    await rm(this.#link, { force: true });
    await this.#pty?.unplug();
    this.#pty = null;
  }

  /** Number of the newest reading that went to the port; -1 before the first. */
  get newest(): number {
    return this.sent.at(-1) ?? -1;
  }

  /** Readings that it began, sent or not: there is no number from here on. */
  get made(): number {
    return this.#made();
  }

  /** What the server needs to find it. */
  get env(): Record<string, string> {
    return { SERIAL_PORT: this.#link, SERIAL_BAUD: '115200' };
  }
}
