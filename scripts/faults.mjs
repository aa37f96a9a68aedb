// The campaign of faults: the tests of test/faults with large numbers, as `npm run test:faults`.
// Each number can be set from outside, e.g. QSENSOR_FAULT_KILLS=20.
import { spawnSync } from 'node:child_process';

const NUMBERS = {
  QSENSOR_FAULT_KILLS: '150',
  QSENSOR_FAULT_SYNC_MS: '2000',
  QSENSOR_FAULT_TIMES: '20',
  QSENSOR_FAULT_OUTAGE_MS: '60000',
  QSENSOR_FAULT_REQUESTS: '100000',
  QSENSOR_FAULT_BODY_MB: '1024',
  QSENSOR_FAULT_RUNS: '300',
};

const command = ['vitest', 'run', 'test/faults', '--no-file-parallelism'];
const { status } = spawnSync('npx', command, {
  stdio: 'inherit',
  env: { ...NUMBERS, ...process.env },
});
process.exitCode = status ?? 1;
