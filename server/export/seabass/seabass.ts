import type { Profile } from '../../../shared/api/profile.ts';
import { lightOf } from '../../../shared/archive/described.ts';
import { README, readme } from '../../../shared/archive/readme.ts';
import { parseIsoMicros } from '../../../shared/clock.ts';
import { CorrectedClock } from '../../../shared/corrected-clock.ts';
import { ApiError } from '../../../shared/errors.ts';
import { SessionClock } from '../../../shared/session-clock.ts';
import { MANIFEST, type TextEntry } from '../archive/zip.ts';
import type { ExportSession } from '../export-session.ts';
import { type Extent, widened } from '../netcdf/extents.ts';
import { Places } from '../netcdf/places.ts';
import { castFile, castFileName } from './cast-file.ts';
import type { PlacedCast } from './header.ts';
import { brokenRules } from './rules.ts';

export const CHECK = 'CHECK.txt';
const SOUND = 'No rule is broken.';
const CHECK_HEAD =
  'What of these files breaks the rules of SeaBASS, as far as this recorder knows them.\n' +
  'What is NA in a header nobody has said: fill in the form of the session, and fetch them again.\n';

/** A file for each cast, and what SeaBASS would say of them. Throws nothing_recorded where it can have none. */
export async function seabassFiles(session: ExportSession, profile: Profile): Promise<TextEntry[]> {
  const { factor } = lightOf(session.detail);
  if (profile.casts.length === 0) throw none(profile.problem ?? 'There is no cast.');
  if (factor === null) throw none('The unit of the light can not be turned into photons.');
  const casts = await placed(session, profile);
  const files = casts.map((cast) => ({
    name: castFileName(session, cast),
    text: castFile(session, cast, factor),
  }));
  const names = [CHECK, MANIFEST, ...files.map(({ name }) => name)];
  return [
    { name: README, text: readme(session, names, 'archive') },
    { name: CHECK, text: checkText(files) },
    ...files,
  ];
}

const none = (why: string) =>
  new ApiError('nothing_recorded', `SeaBASS takes casts of PAR with a depth. ${why}`);

function checkText(files: readonly { name: string; text: string }[]): string {
  const parts = files.map(({ name, text }) => {
    const broken = brokenRules(text);
    return `\n${name}\n${(broken.length > 0 ? broken : [SOUND]).map((rule) => `  ${rule}\n`).join('')}`;
  });
  return CHECK_HEAD + parts.join('');
}

async function placed(session: ExportSession, { casts }: Profile): Promise<PlacedCast[]> {
  const clock = new SessionClock(session.startTime, session.byWallClock);
  const places = await Places.of(session.folder, clock);
  const began = new CorrectedClock(session).micros(parseIsoMicros(session.startTime), 0);
  return casts.map((cast, at) => {
    const { begin_elapsed_s: begin, end_elapsed_s: end } = cast;
    return {
      ...{ cast, number: at + 1, begin: began + begin * 1e6, end: began + end * 1e6 },
      ...extentOf(places, begin, end),
    };
  });
}

/** Looked at each second: a vehicle does not go far in one. */
function extentOf(places: Places, begin: number, end: number) {
  let [latitude, longitude]: (Extent | null)[] = [null, null];
  for (let time = begin; time <= end; time += 1) {
    const place = places.at(time);
    latitude = widened(latitude ?? null, place.latitude);
    longitude = widened(longitude ?? null, place.longitude);
  }
  return { latitude: latitude ?? null, longitude: longitude ?? null };
}
