import { expect, test } from 'vitest';
import { startBlueOs } from '../blueos/front.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT, simulated } from '../support/simulated.ts';
import { useBrowser } from './page.ts';
import { PREFIX } from './proxy.ts';

const openPage = useBrowser();
const FAST = simulated(1);

test.each([
  ['1.4', '/stream/events'],
  ['1.5', '/stream'],
] as const)(
  'in an iframe behind the proxy of BlueOS %s everything stays under the prefix',
  async (version, stream) => {
    const server = await ServerProcess.start(await temporaryFolder(), FAST);
    const blueos = await startBlueOs({ extension: server.base }, version);
    await server.post('/record/start', { chunk_interval_s: 1 });
    const { page, requests } = await openPage(blueos);
    const frame = page.frameLocator('iframe');
    await frame.getByText(/^Live, /).waitFor(PATIENT);
    await frame.getByRole('link', { name: 'chunk_00000.jsonl' }).waitFor(PATIENT);
    for (const view of ['Sessions', 'Sensor', 'System']) {
      await frame.getByRole('link', { name: view, exact: true }).click();
      await frame.getByRole('heading', { level: 1, name: view }).waitFor(PATIENT);
    }
    await frame.getByRole('link', { name: 'Sessions' }).click();
    await frame.getByRole('table').getByRole('link').first().click();
    await frame.getByRole('button', { name: 'Verify' }).click();
    await frame.getByText(/chunks? match/).waitFor(PATIENT);

    const paths = requests
      .filter((url) => !url.startsWith('blob:'))
      .map((url) => new URL(url).pathname);
    expect(paths.filter((path) => path !== '/' && !path.startsWith(`${PREFIX}/`))).toEqual([]);
    expect(paths).toContain(`${PREFIX}${stream}`);
  },
);
