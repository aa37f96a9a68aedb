import { expect, test } from 'vitest';
import type { Profile } from '../../shared/api/profile.ts';
import { dataLake } from '../blueos/data-lake.ts';
import { Contract } from '../contract/contract.ts';

/** The water of the simulated dive: server/simulator/dive.ts. */
const KD = 0.15;
/** The dive three times as fast: a descent takes 20 s. */
const DIVE = {
  SERIAL_PORT: 'sim:dive=3,burst=0,baud=115200,averaging=1,quiet=1',
  SERIAL_BAUD: '115200',
  MAVLINK2REST_URL: 'sim:',
};
const FEWEST_BINS = 20;
const UNKNOWN = '11111111-1111-4111-8111-111111111111';

test('a recorded dive of the simulator has the Kd of its water, within a few standard errors', async () => {
  const vehicle = await Contract.start(DIVE);
  const told = await dataLake(vehicle.server);
  const { body: started } = await vehicle.post<{ session_id: string }>('/record/start', {
    chunk_interval_s: 1,
  });
  const id = started.session_id;
  const profile = async (query = '') =>
    (await vehicle.get<Profile>(`/sessions/${id}/profile${query}`)).body;
  await vehicle.post('/record/mark', { text: 'Seagrass, dense' });
  /** Of the descents the one with most bins: the recording may begin in the middle of one. */
  const down = async () =>
    (await profile()).casts
      .filter(({ direction }) => direction === 'down')
      .sort((a, b) => b.bins.count.length - a.bins.count.length)[0];
  const bins = async () => (await down())?.fit.attenuation?.bins ?? 0;
  await expect.poll(bins, { timeout: 80_000, interval: 1000 }).toBeGreaterThan(FEWEST_BINS);
  await expect.poll(() => Math.abs(Number(told.get('qsensor-kd')) - KD)).toBeLessThan(KD / 3);
  await vehicle.post('/record/stop', { session_id: id });
  await expect.poll(() => told.get('qsensor-kd')).toBe('NaN');

  const found = (await down())?.fit.attenuation;
  expect(found?.kd_se_per_m).toBeLessThan(KD / 10);
  const off = Math.abs((found?.kd_per_m ?? 0) - KD);
  expect(off).toBeLessThan(5 * (found?.kd_se_per_m ?? 0));
  expect(off).toBeLessThan(KD / 5);
  const whole = await profile();
  expect(whole).toMatchObject({ problem: null, dark_offset: 0, session_id: id });
  expect(whole.markers).toMatchObject([{ text: 'Seagrass, dense' }]);
  expect((await profile('?dark_offset=0.01')).dark_offset).toBe(0.01);
  await vehicle.refused('GET', `/sessions/${id}/profile?dark_offset=x`, [400, 'bad_request']);

  const { body: csv } = await vehicle.get<string>(`/sessions/${id}/export?format=csv`);
  const [header, ...rows] = csv.trimEnd().split('\n');
  expect(header).toMatch(/,seq,elapsed_s,depth_m,marker,time_utc,time_uncertainty_s$/);
  const depths = rows
    .map((row) => /,(\d+\.\d{3}),("[^"]*")?,[^,]*,[^,]*$/.exec(row)?.[1])
    .filter(Boolean);
  expect(depths.length).toBeGreaterThan(rows.length / 2);
  expect(Math.max(...depths.map(Number))).toBeGreaterThan(6);
  expect(rows.filter((row) => row.includes('"Seagrass, dense"'))).toHaveLength(1);
});

test('a session without a vehicle has no profile, and is told why', async () => {
  const vehicle = await Contract.start();
  const { body } = await vehicle.post<{ session_id: string }>('/record/start', {});
  const found = await vehicle.get<Profile>(`/sessions/${body.session_id}/profile`);
  expect(found.body).toMatchObject({ casts: [], problem: expect.stringMatching(/no depth/) });
  await vehicle.refused('GET', `/sessions/${UNKNOWN}/profile`, [404, 'session_not_found']);
});
