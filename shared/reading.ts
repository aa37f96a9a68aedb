/** How the device was asked to give its readings. */
export type AcquisitionMode = 'freerun' | 'polled';

/**
 * One measurement as the device sent it. The digits stay text, so that what is
 * stored is what was sent (`0.000066` never becomes `6.6e-05`).
 */
export interface Reading {
  /** UTC microseconds at which the line was complete. */
  wallMicros: number;
  /** Monotonic seconds at which the line was complete. */
  mono: number;
  sensorId: string;
  mode: AcquisitionMode;
  /** PAR in the sensor's own unit, a valid JSON number. */
  value: string;
  /** Sensor temperature in degrees C, a valid JSON number; null where none is sent. */
  temperature: string | null;
  /** Supply voltage in volts, a valid JSON number; null where none is sent. */
  voltage: string | null;
}
