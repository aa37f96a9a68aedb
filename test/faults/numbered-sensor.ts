import { onTestFinished } from 'vitest';
import { SimulatedDevice } from '../../server/simulator/device.ts';
import { type Pty, startPty } from '../../server/simulator/pty.ts';
import { averageSeconds, type Settings } from '../../server/simulator/settings.ts';

/** Its own delays are this much shorter, so that a restart of the server costs little. */
const SPEED = 8;

/** ADC settings that give about so many readings a second at {@link SPEED}. */
const RATES: Record<number, Pick<Settings, 'rate' | 'averaging'>> = {
  15: { rate: 125, averaging: 66 },
  500: { rate: 500, averaging: 8 },
};

/** A sensor on a pseudo-terminal whose readings are 0, 1, 2 ...: each is known from its value. */
export class NumberedSensor {
  readonly device: SimulatedDevice;
  readonly pty: Pty;
  /** Numbers of the readings that went to the port whole, in order. */
  readonly sent: number[] = [];

  private constructor(device: SimulatedDevice, pty: Pty) {
    this.device = device;
    this.pty = pty;
  }

  static async start(hertz: 15 | 500, settings: Partial<Settings> = {}): Promise<NumberedSensor> {
    const device = new SimulatedDevice({
      settings: { baud: 115_200, ...RATES[hertz], ...settings },
      speed: SPEED,
      averages: (count, began, now) => ({
        at: began + averageSeconds(now),
        value: count.toFixed(now.decimals),
        temperature: '21.34',
        voltage: '7.494',
      }),
    });
    const sensor = new NumberedSensor(device, await startPty(device));
    device.onReading(({ text, delivered }) => {
      if (delivered) sensor.sent.push(Math.trunc(Number(text.split(',')[0])));
    });
    onTestFinished(() => sensor.pty.close());
    return sensor;
  }

  /** Number of the newest reading that went to the port; -1 before the first. */
  get newest(): number {
    return this.sent.at(-1) ?? -1;
  }

  /** What the server needs to find it. */
  get env(): Record<string, string> {
    return { SERIAL_PORT: this.pty.path, SERIAL_BAUD: '115200' };
  }
}
