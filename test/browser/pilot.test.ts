import { expect, test } from 'vitest';
import { startBlueOs } from '../blueos/front.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT } from '../support/simulated.ts';
import { useBrowser } from './page.ts';
import { type BlueOsVersion, PREFIX } from './proxy.ts';
import { startSensor } from './sensor-cable.ts';

const openPage = useBrowser();

/** Of the page, opened directly or through the proxy of a version of BlueOS. */
async function addressBehind(front: BlueOsVersion | 'no proxy', server: ServerProcess) {
  if (front === 'no proxy') return server.base;
  return `${await startBlueOs({ extension: server.base }, front)}${PREFIX.slice(1)}/`;
}

test.each(['no proxy', '1.4', '1.5'] as const)(
  'the pilot records a dive while the sensor is unplugged and comes back, behind BlueOS: %s',
  async (front) => {
    const sensor = await startSensor('sim:baud=115200,burst=0');
    const server = await ServerProcess.start(await temporaryFolder(), {
      SERIAL_PORT: sensor.path,
      SERIAL_BAUD: '115200',
    });
    const { page } = await openPage(await addressBehind(front, server));
    await page.getByLabel('Mission name').fill('Kelp bed east');
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByLabel('Chunk interval, in seconds').fill('2');
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByLabel('Name of field 1').fill('operator');
    await page.getByLabel('Value of field 1').fill('A. Diver');
    await page.getByRole('button', { name: 'Record' }).click();

    const recording = page.getByRole('region', { name: 'Recording' });
    await recording.getByText('Kelp bed east').waitFor(PATIENT);
    await page.getByText(/^Live, /).waitFor(PATIENT);
    await page.getByRole('link', { name: 'chunk_00000.jsonl' }).waitFor(PATIENT);

    await sensor.unplug();
    await page.getByText('No readings from the sensor').waitFor(PATIENT);
    await page.getByText('The recording stays open').waitFor(PATIENT);
    await page.getByText(/^Old: last reading/).waitFor(PATIENT);

    await sensor.plug();
    await page.getByText('No readings from the sensor').waitFor({ ...PATIENT, state: 'hidden' });
    await page.getByText(/^Live, /).waitFor(PATIENT);

    await recording.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep recording' }).click();
    await recording.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
    await recording.getByRole('button', { name: 'Record' }).waitFor(PATIENT);

    await page.getByRole('link', { name: 'Whole session' }).click();
    await page.getByRole('heading', { name: 'Kelp bed east' }).waitFor(PATIENT);
    await page.getByText('A. Diver').waitFor(PATIENT);
    const events = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
    expect(await events.allTextContents()).toContainEqual(
      expect.stringMatching(/^Readings resumed/),
    );
  },
);

test('a sensor that is not there is told, and no recording is left behind', async () => {
  const server = await ServerProcess.start(await temporaryFolder(), {
    SERIAL_PORT: '/dev/shm/no-such-sensor',
  });
  const { page } = await openPage(server.base);
  await page.getByRole('button', { name: 'Record' }).click();
  const alert = page.getByRole('region', { name: 'Recording' }).getByRole('alert');
  await alert.waitFor(PATIENT);
  expect(await alert.textContent()).toContain('/dev/shm/no-such-sensor');
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByText('Nothing has been recorded yet').waitFor(PATIENT);
});
