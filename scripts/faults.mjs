// The campaign of faults: the tests of test/faults with large numbers, those that need strace or ip, and
// 24 h in sped-up time, as `npm run test:faults`. Each number can be set from outside, e.g.
// QSENSOR_FAULT_KILLS=20; QSENSOR_FAULT_SOAK_HOURS=0 leaves the soak out.
import { spawnSync } from 'node:child_process';

const NUMBERS = {
  QSENSOR_FAULT_KILLS: '150',
  QSENSOR_FAULT_SYNC_MS: '2000',
  QSENSOR_FAULT_TIMES: '20',
  QSENSOR_FAULT_OUTAGE_MS: '60000',
  QSENSOR_FAULT_REQUESTS: '100000',
  QSENSOR_FAULT_BODY_MB: '1024',
  QSENSOR_FAULT_RUNS: '300',
  QSENSOR_FAULT_SOAK_HOURS: '24',
};
const SOAK_SPEED = '120';
const env = { ...NUMBERS, ...process.env };

/** A pulled cable needs another computer: a network namespace. */
function namespacesWork() {
  const attempt = spawnSync('ip', ['netns', 'list']);
  if (attempt.status !== 0) console.error('ip is missing: apt-get install iproute2');
  return attempt.status === 0;
}

/** Disk errors are made by the system itself, which strace lets it do. */
function straceWorks() {
  const attempt = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']);
  if (attempt.status === 0) return true;
  console.error(
    attempt.error
      ? 'strace is missing, which makes the disk fail: apt-get install strace'
      : `strace may not trace here (${String(attempt.stderr).trim()}): allow SYS_PTRACE, or run as root`,
  );
  return false;
}

function run(command, ...args) {
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

if (!straceWorks() || !namespacesWork()) process.exit(1);
const good = run('npx', 'vitest', 'run', '--config', 'test/faults/campaign.config.ts');
const hours = env.QSENSOR_FAULT_SOAK_HOURS;
const soak = ['test/faults/soak.mjs', '--speed', SOAK_SPEED, '--hours', hours];
const flat = Number(hours) === 0 || run('node', ...soak);
process.exitCode = good && flat ? 0 : 1;
