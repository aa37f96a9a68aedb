// The campaign of mirrors: the tests of test/topside with large numbers, as `npm run test:topside`.
// Each number can be set from outside, e.g. QSENSOR_MIRROR_KILLS=20.
import { spawnSync } from 'node:child_process';

const NUMBERS = {
  QSENSOR_MIRROR_SESSION_S: '600',
  QSENSOR_MIRROR_OUTAGE_S: '60',
  QSENSOR_MIRROR_CHUNK_S: '15',
  QSENSOR_MIRROR_LOSSES: '20',
  QSENSOR_MIRROR_KILLS: '100',
};

const command = ['vitest', 'run', 'test/topside', '--no-file-parallelism'];
const { status } = spawnSync('npx', command, {
  stdio: 'inherit',
  env: { ...NUMBERS, ...process.env },
});
process.exitCode = status ?? 1;
