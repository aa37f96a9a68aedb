import { expect, test } from 'vitest';
import { deployment } from './deployment.ts';
import { missingOfData, missingOfForm } from './missing.ts';

const fields = (form: object | null, weight: string) =>
  missingOfForm(form && deployment.parse(form))
    .filter((one) => one.weight === weight)
    .map(({ field }) => field);

const NEEDED = {
  ...{ investigators: ['A. Lima'], affiliations: ['Marine Lab'], contact: 'a@lab.org' },
  ...{ project: 'Kelp', cruise: 'K7', calibration_sheet: 'Q0123.pdf', water_depth_m: 0 },
};

test('an empty form lacks all that archives ask for', () => {
  expect(fields(null, 'needed')).toEqual(Object.keys(NEEDED));
  expect(fields(null, 'wanted')).toContain('license');
});

test('what was told is not lacking, and a depth of 0 was told', () => {
  expect(fields(NEEDED, 'needed')).toEqual([]);
  expect(fields({ ...NEEDED, license: 'CC0-1.0' }, 'wanted')).not.toContain('license');
});

test('there has to be an institution for each investigator', () => {
  const two = { ...NEEDED, investigators: ['A. Lima', 'B. Sá'] };
  expect(missingOfForm(deployment.parse(two))[0]).toMatchObject({
    ...{ field: 'affiliations', weight: 'needed' },
    detail: 'An institution for each investigator: there are 2 and 1.',
  });
});

test('what the session itself does not know no form mends', () => {
  const all = { hasPosition: true, hasDepth: true, hasUnit: true, hasReadings: true };
  expect(missingOfData(all)).toEqual([]);
  const [missing] = missingOfData({ ...all, hasPosition: false });
  expect(missing).toMatchObject({ field: null, detail: 'The vehicle told no position.' });
});

test('a form refuses blanks and what can not be, and leaves open what is left out', () => {
  expect(deployment.safeParse({ title: ' ' }).success).toBe(false);
  expect(deployment.safeParse({ water_depth_m: -1 }).success).toBe(false);
  expect(deployment.parse({}).cruise).toBe(null);
});
