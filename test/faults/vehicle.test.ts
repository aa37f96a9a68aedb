import { randomInt } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { SimulatedMavlink2Rest } from '../../server/simulator/vehicle/mavlink2rest.ts';
import { yoyo } from '../../server/simulator/vehicle/motion.ts';
import { type SealedPart, VEHICLE_FILE, type VehicleRow } from '../../shared/vehicle.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { sealedRows, soundRows as soundVehicleRows } from '../support/vehicle-rows.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import {
  eventsOf,
  missingNumbers,
  moreRows,
  type Started,
  soundRows,
  startRecording,
} from './recorded.ts';

/** The campaign makes many more. */
const KILLS = Number(process.env['QSENSOR_FAULT_KILLS'] ?? 3);
const LIMIT_MS = 60_000 + KILLS * 20_000;
const PATIENCE = { timeout: 20_000, interval: 100 };

async function standIn(port = 0) {
  const rest = new SimulatedMavlink2Rest(yoyo);
  const address = await rest.start(port);
  onTestFinished(() => rest.stop());
  return { rest, env: { MAVLINK2REST_URL: address } };
}

async function sealedPart(server: ServerProcess, id: string): Promise<SealedPart | null> {
  const { body } = await server.call<{ other_files: SealedPart[] }>(
    `/record/snapshots?session_id=${id}`,
  );
  return body.other_files[0] ?? null;
}

/** Waits until more than this is sealed; gives what is. */
async function moreSealed(server: ServerProcess, id: string, than = 0): Promise<SealedPart> {
  const size = async () => (await sealedPart(server, id))?.size_bytes ?? 0;
  await expect.poll(size, PATIENCE).toBeGreaterThan(than);
  return (await sealedPart(server, id)) as SealedPart;
}

async function served(server: ServerProcess, id: string): Promise<Buffer> {
  const response = await fetch(`${server.base}/files/${id}/${VEHICLE_FILE}`);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

const kindsOf = async ({ storage_path }: Started) =>
  (await eventsOf(storage_path)).map(({ kind }) => kind);

function steps(rows: readonly VehicleRow[]): number[] {
  return rows.slice(1).map(({ elapsed_s }, index) => elapsed_s - (rows[index]?.elapsed_s ?? 0));
}

test(
  'while mavlink2rest hangs no reading at 500 Hz is lost, and it is asked again when it answers',
  async () => {
    const sensor = await NumberedSensor.start(500);
    const { rest, env } = await standIn();
    const server = await ServerProcess.start(await temporaryFolder(), { ...sensor.env, ...env });
    const session = await startRecording(server);
    await moreSealed(server, session.session_id);
    for (const trouble of ['hangs', 'other JSON', 'in trouble'] as const) {
      rest.trouble = trouble;
      const kinds = () => kindsOf(session);
      const lost = (await kinds()).filter((kind) => kind === 'vehicle_lost').length;
      await expect
        .poll(async () => (await kinds()).filter((kind) => kind === 'vehicle_lost'), PATIENCE)
        .toHaveLength(lost + 1);
      await moreRows(server, 500);
      rest.trouble = null;
      const before = (await sealedPart(server, session.session_id))?.size_bytes;
      await moreSealed(server, session.session_id, before);
    }
    await server.post('/record/stop', { session_id: session.session_id });
    const rows = await soundRows(session.storage_path);
    expect(missingNumbers(rows, sensor.sent)).toEqual([]);
    const events = (await kindsOf(session)).filter((kind) => kind.startsWith('vehicle'));
    expect(events).toEqual(Array(3).fill(['vehicle_lost', 'vehicle_back']).flat());
    const gaps = steps(await sealedRows(session.storage_path)).filter((step) => step > 2);
    expect(gaps.length).toBeGreaterThanOrEqual(3);
  },
  LIMIT_MS,
);

test(
  'killed at any moment, what was sealed stays the beginning of vehicle.jsonl, and it goes on',
  async () => {
    const sensor = await NumberedSensor.start(15);
    const { env } = await standIn();
    const folder = await temporaryFolder();
    let server = await ServerProcess.start(folder, { ...sensor.env, ...env });
    const session = await startRecording(server);
    const id = session.session_id;
    let sealed: Buffer = Buffer.alloc(0);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const part = await moreSealed(server, id, sealed.length);
      await after(randomInt(0, 1500));
      const bytes = await served(server, id);
      expect(bytes.length).toBeGreaterThanOrEqual(part.size_bytes);
      expect(bytes.subarray(0, sealed.length).equals(sealed)).toBe(true);
      sealed = bytes;
      await server.kill();
      server = await ServerProcess.start(folder, { ...sensor.env, ...env });
    }
    const part = await moreSealed(server, id, sealed.length);
    soundVehicleRows(part, await served(server, id));
    await server.post('/record/stop', { session_id: id });
    const all = await served(server, id);
    expect(all.subarray(0, sealed.length).equals(sealed)).toBe(true);
    const rows = await sealedRows(session.storage_path);
    expect(rows.length).toBe(String(all).split('\n').length - 1);
    await soundRows(session.storage_path);
  },
  LIMIT_MS,
);
