import { expect, test } from 'vitest';
import { deployment } from '../../../shared/archive/deployment.ts';
import { formTexts, GROUPS, saidBy, toldFacts } from './deployment.ts';

const SAID = deployment.parse({
  ...{ title: 'Kelp light', investigators: ['A. Lima', 'B. Sá'], affiliations: ['Lab', 'Lab'] },
  ...{ project: 'Kelp', calibration_date: '2025-03-31', water_depth_m: 0, cloud_percent: 12.5 },
});

test('the form has every field of a deployment once', () => {
  const keys = GROUPS.flatMap(({ fields }) => fields.map(({ key }) => key));
  expect(keys.toSorted()).toEqual(Object.keys(deployment.shape).toSorted());
});

test('what was said is what the form shows, and says again', () => {
  expect(saidBy(formTexts(SAID, {}))).toEqual(SAID);
  expect(deployment.parse(saidBy(formTexts(null, {})))).toEqual(deployment.parse({}));
});

test('of another dive only what holds for this one too is remembered', () => {
  const texts = formTexts(null, formTexts(SAID, {}));
  expect(texts).toMatchObject({ project: 'Kelp', investigators: 'A. Lima\nB. Sá' });
  expect([texts.title, texts.water_depth_m, texts.cloud_percent]).toEqual(['', '', '']);
});

test('what was left out is not shown', () => {
  expect(toldFacts(SAID).map(({ label }) => label)).toContain('Investigators');
  expect(toldFacts(SAID)).toContainEqual({ label: 'Water depth, m', text: '0' });
  expect(toldFacts(SAID)).toHaveLength(7);
});
