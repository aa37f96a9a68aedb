import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sessionTrack, TRACK_WRITERS, type TrackFormat } from '../../server/export/track/track.ts';
import { addVehicleRow, lightSession } from '../support/track-session.ts';
import { program } from './program.ts';

const run = promisify(execFile);

/** A track of three stretches, the last without depth; gives its file. */
async function written(format: TrackFormat): Promise<string> {
  const session = await lightSession();
  for (const elapsed of [1, 1.5, 2, 6, 6.5]) {
    await addVehicleRow(session.folder, elapsed, { fix_type: 3, satellites: 9, gps_age_s: 0 });
  }
  for (const elapsed of [12, 12.5]) await addVehicleRow(session.folder, elapsed, { depth_m: null });
  const path = join(session.folder, `track.${format}`);
  await pipeline(await sessionTrack(session, format), createWriteStream(path));
  return path;
}

test.each(Object.keys(TRACK_WRITERS) as TrackFormat[])('ogrinfo opens the %s', async (format) => {
  const path = await written(format);
  const ogrinfo = await program('ogrinfo', 'gdal-bin');
  const { stdout, stderr } = await run(ogrinfo, ['-ro', '-al', '-so', path]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/Feature Count: [1-9]/);
});

test.each(['gpx', 'kml'] as const)('gpsbabel reads every point of the %s', async (format) => {
  const path = await written(format);
  const gpsbabel = await program('gpsbabel', 'gpsbabel');
  const args = ['-t', '-i', format, '-f', path, '-o', 'unicsv', '-F', '-'];
  const { stdout } = await run(gpsbabel, args);
  expect(stdout.trimEnd().split('\n').length - 1).toBe(7);
  expect(stdout).toContain('42.6');
});
