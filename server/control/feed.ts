import type { Logger } from 'pino';
import type { SensorConfig } from '../../shared/api/sensor.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Note } from '../../shared/events.ts';
import type { Reading } from '../../shared/reading.ts';
import { rowPrefix } from '../../shared/row.ts';
import type { LiveHub } from '../live/hub.ts';
import type { MemoryRecorder } from '../live/memory-recorder.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { SensorListener } from '../sensor/sensor.ts';

interface Receivers {
  recorder: Recorder;
  memory: MemoryRecorder;
  live: LiveHub;
  logger: Logger;
}

/** Where the sensor's readings and events go: the disk first, then whoever watches. */
export class Feed implements SensorListener {
  #to: Receivers;

  constructor(to: Receivers) {
    this.#to = to;
  }

  /** The row's text is made once for all. */
  reading(reading: Reading): void {
    const prefix = rowPrefix(reading);
    this.#to.recorder.append(reading, prefix);
    this.#to.memory.push(reading);
    this.#to.live.push(reading, prefix);
  }

  event(note: Note): void {
    const { detail, ...facts } = note;
    this.#to.logger.info(facts, detail);
    this.#to.recorder.note(note);
  }

  clockStepped(stepS: number, at: Instant): void {
    this.#to.logger.info({ kind: 'clock_step', step_s: stepS }, "The vehicle's clock was set");
    this.#to.recorder.clockStepped(stepS, at);
  }

  identified(config: SensorConfig): void {
    this.#to.logger.info({ sensor_id: config.sensor_id }, 'Sensor identified');
    this.#to.recorder.updateSensor(config);
  }
}
