import type { Report } from '../../../shared/api/report.ts';
import { toldOf } from '../../../shared/archive/told.ts';
import { xml } from '../track/xml.ts';
import { depthChart, lightChart, profileChart, trackChart } from './charts.ts';
import { castRows, fileRows, shownCasts } from './figures.ts';
import { heading, list, shortened, table } from './parts.ts';
import { STYLE } from './style.ts';
import { figure } from './ticks.ts';

/** So much of each list has room on paper; report.json has all. */
const MOST = { told: 18, notes: 4, markers: 4, lacks: 14, clock: 4, damage: 3 };
/** Longer text is cut on paper. */
const MOST_LETTERS = 90;
const MOST_OF_CITATION = 380;
const MOST_OF_CLOCK = 220;

/** The report as one HTML file: no script, nothing from elsewhere, two A4 pages. */
export function reportHtml(report: Report): string {
  const title = cut(report.title);
  return [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${xml(title)}</title><style>${STYLE}</style></head><body>`,
    ...['<section>', `<h1>${xml(title)}</h1>`, ...firstPage(report), '</section>'],
    ...['<section class="second">', ...secondPage(report), '</section>', '</body></html>\n'],
  ].join('\n');
}

function firstPage(report: Report): string[] {
  const { light, damage } = report;
  const unit = light.units ?? 'the numbers of the sensor';
  const told = toldOf(report.deployment).map(([what, value]) => [what, cut(value)] as const);
  return [
    `<p class="sub">Underwater light (PAR), session ${report.session_id}</p>`,
    ...damage.slice(0, MOST.damage).map(({ detail }) => `<p class="warn">${xml(cut(detail))}</p>`),
    facts([...inShort(report), ...told.slice(0, MOST.told)]),
    heading(`Light over time, ${unit}`),
    lightChart(report) || '<p>There are no finalized readings.</p>',
    heading('Depth over time, m'),
    depthChart(report) || '<p>The vehicle told no depth.</p>',
    '<p class="sub">Times are UTC. Band: smallest to largest of each moment. Stripes: readings are missing.</p>',
    ...gapsAndMarkers(report),
    heading('To cite'),
    `<p>${xml(cut(report.citation, MOST_OF_CITATION))}</p>`,
  ];
}

function gapsAndMarkers({ notes, markers }: Report): string[] {
  const rows = notes.map(({ timestamp, detail }) => `${timestamp.slice(0, 19)}Z ${cut(detail)}`);
  const marks = markers.map(({ elapsed_s: at, text, depth_m: depth }) => {
    const where = depth === null ? '' : `, ${depth.toFixed(1)} m`;
    return `${at.toFixed(0)} s${where}: ${cut(text)}`;
  });
  return [
    ...['<div class="two"><div>', heading('Gaps and what made them')],
    list(shortened(rows, MOST.notes)) || '<p>No event tells of missing readings.</p>',
    ...['</div><div>', heading('Markers of the pilot')],
    list(shortened(marks, MOST.markers)) || '<p>There are none.</p>',
    '</div></div>',
  ];
}

function secondPage(report: Report): string[] {
  return [
    '<div class="two"><div>',
    heading(`Light against depth (m), ${report.light.units ?? 'no unit'}${ofCasts(report)}`),
    profileChart(shownCasts(report)) ||
      `<p>${xml(report.profile_problem ?? 'There is no profile.')}</p>`,
    '</div><div>',
    heading('Track, degrees'),
    trackChart(report) || '<p>The vehicle told no position.</p>',
    '</div></div>',
    ...(report.casts.length > 0 ? [heading('Kd(PAR)'), table(castRows(report))] : []),
    '<div class="two"><div>',
    ...[heading('Light, dark and calibration'), list(lightNotes(report))],
    '</div><div>',
    ...[
      heading('Time'),
      list(
        shortened(
          report.clock.map((one) => cut(one, MOST_OF_CLOCK)),
          MOST.clock,
        ),
      ),
    ],
    '</div></div>',
    ...[
      heading('What is not known'),
      list(
        shortened(
          report.lacks.map((one) => cut(one)),
          MOST.lacks,
        ),
        'columns',
      ),
    ],
    ...[heading('Files and SHA-256'), ...fileRows(report)],
    `<p class="sub">${xml(methodWords(report))}</p>`,
  ];
}

function ofCasts(report: Report): string {
  const [shown, all] = [shownCasts(report).length, report.casts.length];
  return shown < all ? `, the first ${shown} of ${all} casts` : '';
}

function inShort(report: Report): [string, string][] {
  const { began, ended, duration_s, rows, sensor_id: serial, failure } = report;
  return [
    ['Began, UTC', `${began.slice(0, 19)}Z`],
    ['Ended, UTC', ended === null ? 'still recorded' : `${ended.slice(0, 19)}Z`],
    ['Duration, readings', `${(duration_s / 60).toFixed(1)} min, ${rows}`],
    ['Sensor', serial === null ? 'not identified' : cut(serial)],
    ...(failure === null ? [] : ([['Failure', cut(failure)]] as [string, string][])),
  ];
}

function lightNotes({ light, sensor, flags, left_out: left, deployment }: Report): string[] {
  const span =
    light.smallest === null || light.largest === null
      ? 'No reading'
      : `${figure(light.smallest)} to ${figure(light.largest)}`;
  const factor = sensor['calibration_factor'];
  const sheet = deployment?.calibration_sheet ?? null;
  return [
    `${span}, ${light.units ?? 'in no known unit'}; collector ${light.collector ?? 'not known'}.`,
    light.cf_factor === null
      ? 'Not known in mol m-2 s-1.'
      : `Times ${light.cf_factor} in mol m-2 s-1.`,
    `Dark offset taken off for the profile: ${light.dark_offset}.`,
    `Immersion factor kept by the sensor: ${light.immersion_factor ?? 'not told'}; not applied.`,
    `Calibration factor of the sensor: ${typeof factor === 'number' ? factor : 'not told'}${sheet === null ? '' : `; sheet ${sheet}`}.`,
    `In no depth bin: ${left.not_moving} readings in waters seen before, ${left.without_depth} without depth, ${left.not_above_dark} not above the dark.`,
    ...flags,
  ].map((one) => cut(one, MOST_OF_CLOCK));
}

function methodWords({ methods }: Report): string {
  const { recorded_by, reported_by, report, profile } = methods;
  return `Recorded by qsensor-recorder ${recorded_by ?? '(not told)'}, reported by ${reported_by}; report ${report}, profile method ${profile} (docs/light-profile.md). The same numbers: report.json.`;
}

function facts(rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([what, value]) => `<div><dt>${xml(what)}</dt><dd>${xml(value)}</dd></div>`,
  );
  return `<dl class="facts">${cells.join('')}</dl>`;
}

const cut = (text: string, most = MOST_LETTERS) =>
  text.length > most ? `${text.slice(0, most)}…` : text;
