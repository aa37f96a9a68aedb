import { expect, test } from 'vitest';
import type { Profile } from '../../../shared/api/profile.ts';
import { deployment } from '../../../shared/archive/deployment.ts';
import { writeVehicle } from '../../../test/support/dive-files.ts';
import { lightSession } from '../../../test/support/track-session.ts';
import type { ExportSession } from '../export-session.ts';
import { brokenRules } from './rules.ts';
import { seabassFiles } from './seabass.ts';

const PROFILE: Profile = {
  ...{ session_id: '3f1c9a52-7c3e-4a53-9d64-0b6f2f0c8a11', dark_offset: 0, total_rows: 20 },
  ...{ problem: null, markers: [] },
  left_out: { without_depth: 0, not_moving: 0, not_above_dark: 0, damaged_lines: 0 },
  casts: [
    {
      ...{ direction: 'down', begin_elapsed_s: 1, end_elapsed_s: 9 },
      bins: {
        ...{ depth_m: [-0.1, 0.13, 0.38], count: [2, 5, 4], mean: [900, 800, 700] },
        ...{ mean_ln: [6.8, 6.7, 6.5], min: [800, 700, 600], max: [950, 900, 800] },
      },
      fit: { range: null, attenuation: null, problem: 'Too few bins.' },
    },
  ],
};

const FORM = deployment.parse({
  ...{ investigators: ['Ana Sá'], affiliations: ['Marine Lab'], contact: 'a@lab.example' },
  ...{ project: 'Kelp light', cruise: 'K7', calibration_sheet: 'Q0123.pdf', water_depth_m: 21 },
  ...{ station: 'E4', secchi_depth_m: 7, cloud_percent: 5, wave_height_m: 0, wind_speed_m_s: 3 },
});

async function diving(form = FORM as ExportSession['deployment']): Promise<ExportSession> {
  const session = await lightSession();
  await writeVehicle(session.folder, [0, 10], (elapsed) => elapsed);
  const metadata = {
    ...session.detail.metadata,
    ...{ schema_version: 2, collector: 'cosine' as const, cf_units: 'mol m-2 s-1' },
    ...{ cf_factor: 1e-6, cf_note: null },
    cf_standard_name: 'downwelling_photosynthetic_photon_flux_in_sea_water',
  };
  return { ...session, deployment: form, detail: { ...session.detail, metadata } };
}

const textOf = (files: { name: string; text: string | Buffer }[], ending: string) =>
  String(files.find(({ name }) => name.endsWith(ending))?.text);

test('a cast is a file with its header, and its light in microeinsteins per square centimetre', async () => {
  const files = await seabassFiles(await diving(), PROFILE);
  expect(files.map(({ name }) => name)).toEqual([
    ...['README.txt', 'CHECK.txt', 'Kelp_light_K7_cast01_down_20251112_R1.sb'],
  ]);
  const text = textOf(files, '.sb');
  expect(text.split('\n').slice(-4)).toEqual(['/end_header', '0.130,0.08,5', '0.380,0.07,4', '']);
  for (const line of [
    ...['/investigators=Ana_Sa', '/start_time=14:30:46[GMT]', '/end_date=20251112'],
    ...['/north_latitude=42.600000[DEG]', '/fields=depth,PAR,bincount', '/water_depth=21'],
    '/units=m,uE/cm^2/s,none',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(textOf(files, 'CHECK.txt')).toContain('No rule is broken.');
  expect(textOf(files, 'README.txt')).toContain('  *.sb ');
});

test('what nobody said is NA, and each rule that it breaks stands in words', async () => {
  const files = await seabassFiles(await diving(null), PROFILE);
  expect(textOf(files, '.sb')).toContain('/contact=NA');
  const check = textOf(files, 'CHECK.txt');
  expect(check).toContain('/contact is needed.');
  expect(check).toContain('/station is wanted.');
});

test('a session without casts, or without a unit, has none and says why', async () => {
  const session = await diving();
  const without = { ...PROFILE, casts: [], problem: 'This session has no depth.' };
  await expect(seabassFiles(session, without)).rejects.toThrow('This session has no depth.');
  await expect(seabassFiles(await lightSession(), PROFILE)).rejects.toThrow('into photons');
});

test('the rules find what a file has wrong', async () => {
  const sound = textOf(await seabassFiles(await diving(), PROFILE), '.sb');
  expect(brokenRules(sound)).toEqual([]);
  const broken: [from: string, to: string, rule: RegExp][] = [
    ['/cruise=K7', '/cruise=K 7', /blank/],
    ['/cruise=K7\n', '', /cruise is needed/],
    ['/south_latitude=42.6', '/south_latitude=43.6', /South/],
    ['/west_longitude=-8.9', '/west_longitude=8.9', /West/],
    ['/start_time=14', '/start_time=15', /ends before/],
    ['/start_date=2025', '/start_date=1970', /1975/],
    ['uE/cm^2/s,none', 'uE/cm^2/s', /unit/],
    ['Ana_Sa', 'Ana_Sa,Bo', /affiliation/],
    ['0.130,0.08', '0.130,-0.08', /negative/],
    ['0.130,0.08', '0.130', /Row 1 is not 3/],
    ['/begin_header', '/begin', /does not begin/],
  ];
  for (const [from, to, rule] of broken) {
    expect([from, brokenRules(sound.replace(from, to)).join(' ')]).toEqual([
      from,
      expect.stringMatching(rule),
    ]);
  }
});
