import { oneLine } from '../../../shared/archive/prose.ts';
import { isoMicros } from '../../../shared/clock.ts';
import type { ExportSession } from '../export-session.ts';
import { headerOf, NOT_KNOWN, type PlacedCast, word } from './header.ts';

/** mol m-2 s-1 in microeinsteins per square centimetre and second. */
const MICROEINSTEINS_PER_CM2 = 100;
const DIGITS = 7;

/** `Experiment_Cruise_cast01_down_20251112_R1.sb` */
export function castFileName({ deployment }: ExportSession, placed: PlacedCast): string {
  const { number, cast, begin } = placed;
  const names = [word(deployment?.project), word(deployment?.cruise)].map((name) =>
    name.replaceAll(/[^\w.-]/g, '_').slice(0, 40),
  );
  const known = names.filter((name) => name !== NOT_KNOWN);
  const day = isoMicros(begin).slice(0, 10).replaceAll('-', '');
  const which = `cast${String(number).padStart(2, '0')}_${cast.direction}`;
  return [...known, which, day, 'R1.sb'].join('_');
}

/** A cast as SeaBASS has it; `factor`: a reading times this is in mol m-2 s-1. */
export function castFile(session: ExportSession, placed: PlacedCast, factor: number): string {
  const header = headerOf(session, placed, castFileName(session, placed));
  const last = header.slice(-2);
  const lines = [
    '/begin_header',
    ...header.slice(0, -2).map(([key, value]) => `/${key}=${value}`),
    ...comments(session, placed).map((text) => `! ${oneLine(text)}`),
    ...last.map(([key, value]) => `/${key}=${value}`),
    '/end_header',
    ...rows(placed, factor),
  ];
  return `${lines.join('\n')}\n`;
}

function comments({ detail }: ExportSession, { cast }: PlacedCast): string[] {
  const { attenuation, problem } = cast.fit;
  const kd =
    attenuation === null
      ? (problem ?? 'none')
      : `${attenuation.kd_per_m.toFixed(4)} +- ${attenuation.kd_se_per_m.toFixed(4)} per m`;
  return [
    `Session ${detail.summary.session_id}, ${cast.direction}ward cast of an underwater vehicle`,
    'PAR is the mean of the readings in depth bins of 0.25 m, depth their mean depth',
    'No dark offset is taken off, no immersion factor applied, no reading flagged',
    `Kd(PAR) of a line through ln E: ${kd}`,
  ];
}

/** Bins above the surface are no water. */
function rows({ cast: { bins } }: PlacedCast, factor: number): string[] {
  return bins.depth_m.flatMap((depth, at) => {
    const par = (bins.mean[at] ?? 0) * factor * MICROEINSTEINS_PER_CM2;
    return depth < 0 ? [] : [`${depth.toFixed(3)},${plain(par)},${bins.count[at]}`];
  });
}

/** Without an exponent as far as it can be. */
const plain = (value: number) => String(Number(value.toPrecision(DIGITS)));
