import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { diveFlight } from '../../server/simulator/vehicle/dive.ts';
import { SimulatedMavlink2Rest } from '../../server/simulator/vehicle/mavlink2rest.ts';
import type { Profile } from '../../shared/api/profile.ts';
import { useBrowser } from '../browser/page.ts';
import { PREFIX } from '../browser/proxy.ts';
import { recordStatus } from '../faults/recorded.ts';
import { freePort } from '../support/free-port.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { COCKPIT_FILES, type CockpitAction, press } from './cockpit-file.ts';
import { readImage } from './dockerfile.ts';
import { startBlueOs } from './front.ts';
import { scan } from './helper.ts';

const openPage = useBrowser();
const PATIENT = { timeout: 30_000 };
/** A dive of 215 s, so many times as fast. */
const PACE = 10;

/** mavlink2rest of a vehicle that flies the dive of the sensor, from the same moment on. */
async function startMavlink(): Promise<string> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const mavlink = new SimulatedMavlink2Rest(diveFlight(PACE), seconds);
  const address = await mavlink.start();
  onTestFinished(() => mavlink.stop());
  return new URL(address).origin;
}

/** As Kraken does: the image's variables, and BlueOS's services at a name of theirs. */
async function install(port: number, blueos: string): Promise<ServerProcess> {
  const { env, command } = await readImage();
  expect(command.slice(1)).toEqual(['--max-semi-space-size=1', 'dist/server/main.js']);
  const folder = await temporaryFolder();
  return ServerProcess.start(folder, {
    ...env,
    CHUNK_RECORDING_PATH: folder,
    API_PORT: `${port}`,
    SERIAL_PORT: `sim:dive=${PACE},burst=0,baud=115200,averaging=1`,
    SERIAL_BAUD: '115200',
    MAVLINK2REST_URL: `${blueos}mavlink2rest`,
  });
}

test('installed on a vehicle it is found, shown, recorded with from Cockpit, and gives a light profile', async () => {
  const port = await freePort();
  const mavlink2rest = await startMavlink();
  const blueos = await startBlueOs({ extension: `http://127.0.0.1:${port}`, mavlink2rest });
  const server = await install(port, blueos);
  const extension = `${blueos}${PREFIX.slice(1)}`;

  const often = { method: 'PUT', body: { chunk_interval_s: 5 } };
  expect(await server.call('/settings', often)).toMatchObject({ status: 200 });
  const [found] = await scan([port]);
  expect(`/extensionv2/${found?.sanitizedName}`).toBe(PREFIX);

  const shown = await openPage(blueos);
  const frame = shown.page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Record' }).waitFor(PATIENT);

  const file = COCKPIT_FILES['1.19'].parse(
    await (await fetch(`${extension}${found?.metadata.extras?.['cockpit']}`)).json(),
  );
  const pressed = (name: string) => {
    const action = file.actions.find(({ id }) => id === `qsensor-${name}`) as CockpitAction;
    return press(action, new URL(blueos).host);
  };
  const begun = await pressed('start');
  expect(begun.status).toBe(200);
  const id = String(begun.body['session_id']);
  await frame.getByText(/^Live, /).waitFor(PATIENT);
  const widget = await openPage(`${extension}${file.widgets[0]?.iframeUrl}`);
  await widget.page.getByText('REC').waitFor(PATIENT);

  const lines = async () => {
    const answer = await fetch(`${extension}/sessions/${id}/profile`);
    const { casts } = (await answer.json()) as Profile;
    return casts.filter(({ fit }) => (fit.attenuation?.kd_per_m ?? 0) > 0).length;
  };
  await expect.poll(lines, { timeout: 90_000 }).toBeGreaterThan(0);
  expect(await recordStatus(server)).toMatchObject({ session_id: id, failure: null });
  await sameBytes(extension, id);

  expect(await pressed('stop')).toMatchObject({ status: 200, body: { session_id: id } });
  await frame.getByRole('link', { name: 'Sessions' }).click();
  await frame.getByRole('table').getByRole('link').first().click();
  const figures = frame.getByRole('region', { name: 'Light profile' }).getByRole('table');
  await figures.getByRole('row', { name: /^Kd\(PAR\).*\d\.\d+/ }).waitFor(PATIENT);
}, 180_000);

/** What a client at the surface fetches is what it was promised, the vehicle's data too. */
async function sameBytes(extension: string, id: string): Promise<void> {
  const answer = await fetch(`${extension}/record/snapshots?session_id=${id}`);
  const { chunks, other_files } = (await answer.json()) as Record<string, Sealed[]>;
  const files = [...(chunks ?? []), ...(other_files ?? [])];
  expect(files.map(({ filename }) => filename)).toContain('vehicle.jsonl');
  for (const { filename, sha256, size_bytes } of files.slice(-2)) {
    const range = { Range: `bytes=0-${size_bytes - 1}` };
    const file = await fetch(`${extension}/files/${id}/${filename}`, { headers: range });
    const bytes = new Uint8Array(await file.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
}

interface Sealed {
  filename: string;
  sha256: string;
  size_bytes: number;
}
