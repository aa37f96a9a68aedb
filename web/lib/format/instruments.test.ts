import { expect, test } from 'vitest';
import { instruments } from './instruments.ts';

const ALL = {
  ...{ depth_m: 12.345, depth_age_s: 0.1, heading_deg: 7, heading_age_s: 0.1 },
  ...{ latitude_deg: -42.6, longitude_deg: -8.9, position_age_s: 2.44 },
  ...{ water_temperature_c: 13.25, water_temperature_age_s: 0.3 },
};

test('the vehicle’s values are shown with their units and ages', () => {
  expect(instruments(ALL).map(({ name, text, age }) => [name, text, age])).toEqual([
    ['Depth', '12.35 m', 'now'],
    ['Heading', '7°', 'now'],
    ['Position', '42.60000°\u00a0S, 8.90000°\u00a0W', '2.4 s old'],
    ['Water temperature', '13.3 °C', 'now'],
  ]);
});

test('what is not known is a dash, with the reason', () => {
  const [depth, , position, water] = instruments({
    ...ALL,
    ...{ depth_m: null, depth_age_s: 75, latitude_deg: null, position_age_s: 0.2 },
    ...{ water_temperature_c: null, water_temperature_age_s: null },
  });
  expect(depth).toMatchObject({ text: '–', age: '75 s old' });
  expect(position).toMatchObject({ text: '–', age: 'no fix' });
  expect(water).toMatchObject({ text: '–', age: 'not sent' });
});
