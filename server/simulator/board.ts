import type { Timing } from './processor.ts';
import type { Settings } from './settings.ts';

/** One average, as text, full at device second `at`. */
export interface Average {
  at: number;
  value: string;
  temperature: string;
  voltage: string;
}

/**
 * What the sensor sees: the average that begins at device second `began`, when
 * `count` averages have been sent before. Null: there will never be one.
 */
export type Averages = (count: number, began: number, settings: Settings) => Average | null;

/** Faults of the electronics, to be switched on by tests. */
export interface BoardFaults {
  /** `incomplete` goes to the menu, `failed` goes on sampling. */
  adcSetup: 'ok' | 'incomplete' | 'failed';
  /** `R` answers that setting the rate failed. */
  rateSetupFails: boolean;
}

/** All that the firmware works on. */
export interface Board extends Timing {
  settings: Settings;
  faults: BoardFaults;
  averages: Averages;
  /** Averages sent since power-on, or since the menu was first left. */
  count: number;
  /** Whether the menu was ever left. */
  restarted: boolean;
}
