import type { Report } from '../../../shared/api/report.ts';
import { table } from './parts.ts';
import { figure } from './ticks.ts';

const MOST_CASTS = 8;
const MOST_FILES = 10;

/** Of a day of dives there is room for the first on paper; report.json has all. */
export const shownCasts = ({ casts }: Report): Report['casts'] => casts.slice(0, MOST_CASTS);

/** Each cast with the line through it, or why there is none. */
export function castRows(report: Report): string[][] {
  const { casts, light } = report;
  const head = ['Cast', 'From, to, s', 'Kd ± error, 1/m', 'r²', 'Bins', 'Range, m', '1 % depth, m'];
  const rows = shownCasts(report).map((cast): string[] => {
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
export function fileRows({ files, file_list: { count, sha256 } }: Report): string[] {
  const rows = files.map(({ filename, size_bytes, sha256 }) => [
    ...[filename, String(size_bytes), sha256],
  ]);
  const all = table([['File', 'Bytes', 'SHA-256'], ...rows], 'mono');
  if (count <= MOST_FILES) return [all];
  const list = `<p>${count} files. SHA-256 of their list, as sha256sum writes it: <span class="mono">${sha256}</span></p>`;
  if (files.length < count) return [list, `<p>${CHUNKS_ELSEWHERE}</p>`, all];
  return [list, `<details><summary>All ${count} files</summary>${all}</details>`];
}

const CHUNKS_ELSEWHERE =
  'Each chunk stands in manifest.jsonl, and in MANIFEST.sha256 of the session’s ZIP.';
