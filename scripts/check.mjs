// Everything that can be checked here, as `npm test`. Ends with the first failing exit code.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const REPORT = 'node_modules/.vitest-report.json';

const STEPS = [
  ['format and lint', 'npx', 'biome', 'ci', '.'],
  ['types of the server', 'npx', 'tsc', '--noEmit'],
  ['types of the page', 'npx', 'vue-tsc', '--noEmit', '-p', 'web'],
  ['build', 'npm', 'run', '--silent', 'build'],
  [
    'tests',
    ...['npx', 'vitest', 'run', '--reporter=default', '--reporter=json'],
    `--outputFile.json=${REPORT}`,
  ],
];

rmSync(REPORT, { force: true });
for (const [name, command, ...args] of STEPS) {
  const begun = Date.now();
  console.log(`\n--- ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(
    `--- ${name}: ${status === 0 ? 'good' : 'FAILED'}, ${Math.round((Date.now() - begun) / 1000)} s`,
  );
  if (status !== 0) {
    process.exitCode = status ?? 1;
    break;
  }
}

/** Tests that are skipped count as failed: nothing is left out quietly. */
function summary() {
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  console.log(`\n${report.numPassedTests} passed, ${report.numFailedTests + skipped} failed`);
  if (skipped > 0) process.exitCode = 1;
}

try {
  summary();
} catch {
  console.log('\n0 passed, 1 failed');
  process.exitCode ||= 1;
}
