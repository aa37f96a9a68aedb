import { expect, test } from 'vitest';
import { deployment } from '../../../shared/archive/deployment.ts';
import { addVehicleRow, lightSession } from '../../../test/support/track-session.ts';
import { archiveState } from './archive-state.ts';

test('what neither people nor the session tell is lacking, and what the vehicle tells is not', async () => {
  const session = await lightSession();
  const lacks = async () => (await archiveState(session)).lacks.map(({ detail }) => detail);
  expect(await lacks()).toContain('The vehicle told no position.');
  await addVehicleRow(session.folder, 1, { latitude_deg: null, longitude_deg: null });
  expect(await lacks()).toContain('The vehicle told no position.');
  expect(await lacks()).not.toContain('The vehicle told no depth: there are no profiles.');
  await addVehicleRow(session.folder, 2, { latitude_deg: -0.5 });
  session.deployment = deployment.parse({ cruise: 'K7' });
  expect((await archiveState(session)).deployment?.cruise).toBe('K7');
  const left = await lacks();
  expect(left).not.toContain('The vehicle told no position.');
  expect(left).not.toContain('The cruise or campaign.');
  expect(left.find((text) => text.includes('unit'))).toMatch(/mol m-2 s-1/);
});
