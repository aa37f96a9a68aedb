// The campaign of faults: the tests of test/faults with large numbers, those that need more of the
// system than Node, and 24 h in sped-up time, as `npm run test:faults`. Each number can be set from outside, e.g.
// QSENSOR_FAULT_KILLS=20; QSENSOR_FAULT_SOAK_HOURS=0 leaves the soak out.
import { spawnSync } from 'node:child_process';

const NUMBERS = {
  QSENSOR_FAULT_KILLS: '150',
  QSENSOR_FAULT_POWER_CUTS: '40',
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

/** A pulled cable needs another computer, a lost card a file system of its own. */
const TOOLS = [
  [['ip', 'netns', 'list'], 'apt-get install iproute2'],
  [['mkfs.ext4', '-V'], 'apt-get install e2fsprogs'],
  [['perl', '-v'], 'apt-get install perl-base'],
];

function isThere([[command, ...args], help]) {
  const good = spawnSync(command, args).status === 0;
  if (!good) console.error(`${command} is missing: ${help}`);
  return good;
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

if (![straceWorks(), ...TOOLS.map(isThere)].every(Boolean)) process.exit(1);
const good = run('npx', 'vitest', 'run', '--config', 'test/faults/campaign.config.ts');
const hours = env.QSENSOR_FAULT_SOAK_HOURS;
const soak = ['test/faults/soak.mjs', '--speed', SOAK_SPEED, '--hours', hours];
const flat = Number(hours) === 0 || run('node', ...soak);
process.exitCode = good && flat ? 0 : 1;
