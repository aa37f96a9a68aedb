import { createHash } from 'node:crypto';
import type { Report } from '../../../shared/api/report.ts';
import { table } from './parts.ts';
import { figure } from './ticks.ts';

const MOST_CASTS = 8;
const MOST_FILES = 10;

/** Each cast with the line through it, or why there is none. */
export function castRows({ casts, light }: Report): string[][] {
  const head = ['Cast', 'From, to, s', 'Kd ± error, 1/m', 'r²', 'Bins', 'Range, m', '1 % depth, m'];
  const rows = casts.slice(0, MOST_CASTS).map((cast): string[] => {
    const { begin_elapsed_s: begin, end_elapsed_s: end, fit } = cast;
    const when = `${begin.toFixed(0)}, ${end.toFixed(0)}`;
    const { attenuation: line, range } = fit;
    if (line === null || range === null) {
      return [cast.direction, when, fit.problem ?? 'no line', '', '', '', '', ''];
    }
    return [
      ...[cast.direction, when, `${line.kd_per_m.toFixed(4)} ± ${line.kd_se_per_m.toFixed(4)}`],
      ...[line.r2.toFixed(4), String(line.bins)],
      `${range.from_m.toFixed(2)} to ${range.to_m.toFixed(2)}`,
      line.one_percent_depth_m?.toFixed(1) ?? 'none',
      figure(line.e0),
    ];
  });
  const more = casts.length - MOST_CASTS;
  const rest = more > 0 ? [[`And ${more} more: see report.json.`, '', '', '', '', '', '', '']] : [];
  return [[...head, `E(0−), ${light.units ?? ''}`], ...rows, ...rest];
}

/** On paper each file where they are few; else one sum that stands for the list of all. */
export function fileRows({ files }: Report): string[] {
  const rows = files.map(({ filename, size_bytes, sha256 }) => [
    ...[filename, String(size_bytes), sha256],
  ]);
  const all = table([['File', 'Bytes', 'SHA-256'], ...rows], 'mono');
  if (files.length <= MOST_FILES) return [all];
  const lines = files.map(({ filename, sha256 }) => `${sha256}  ${filename}\n`).join('');
  const sum = createHash('sha256').update(lines).digest('hex');
  return [
    `<p>${files.length} files. SHA-256 of their list, as sha256sum writes it: <span class="mono">${sum}</span></p>`,
    `<details><summary>All ${files.length} files</summary>${all}</details>`,
  ];
}
