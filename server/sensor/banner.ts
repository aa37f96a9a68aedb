import type { MenuSettings } from './menu.ts';

/** What the banner tells of the settings; fields are left out where a line is missing. */
export interface BannerFacts {
  serial?: string;
  mode?: 'freerun' | 'polled';
  tag?: string;
  adcRateHz?: number;
  averaging?: number;
  /** Factor and units as they stand there. */
  calibration?: string;
}

/** Reads one line of the banner into the facts. */
export function readBannerLine(line: string, facts: BannerFacts): void {
  const unit = /^Unit ID (.*)$/.exec(line);
  if (unit) facts.serial = unit[1] ?? '';
  if (line === 'Operating in free run mode') facts.mode = 'freerun';
  const polled = /^Operating in polled mode with tag of (.)$/.exec(line);
  if (polled) Object.assign(facts, { mode: 'polled', tag: polled[1] });
  const rate = /^ADC sample rate (\d+),/.exec(line);
  if (rate) facts.adcRateHz = Number(rate[1]);
  const averaging = /^Averaging (\d+) readings$/.exec(line);
  if (averaging) facts.averaging = Number(averaging[1]);
  if (line === 'No Averaging') facts.averaging = 1;
  const calibration = /^Calfactor: *(.*)$/.exec(line);
  if (calibration) facts.calibration = (calibration[1] ?? '').trim();
}

/**
 * In words what the banner says otherwise than the menu did, or the first banner after it;
 * null where they agree. How menu and banner write the calibration may differ.
 */
export function disagreement(
  facts: BannerFacts,
  settings: MenuSettings,
  calibration: string | undefined,
): string | null {
  const told: [string, unknown, unknown][] = [
    ['unit', facts.serial?.trim(), settings.serial.trim()],
    ['mode', facts.mode, settings.mode],
    ['tag', facts.tag, settings.tag],
    ['ADC rate', facts.adcRateHz, settings.adcRateHz],
    ['averaging', facts.averaging, settings.averaging],
    ['calibration', facts.calibration, calibration ?? facts.calibration],
  ];
  const differs = told.filter(([, now, before]) => now !== undefined && now !== before);
  if (differs.length === 0) return null;
  return differs.map(([what, now, before]) => `${what} ${before} became ${now}`).join(', ');
}
