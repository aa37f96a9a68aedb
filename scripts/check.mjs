// Everything that can be checked here, as `npm test`. Ends with exit code 1 when anything fails.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const REPORTS = ['node_modules/.vitest-report.json', 'node_modules/.vitest-report-alone.json'];
/** Tests that load the machine to its limit must not share it with others. */
const ALONE = '.alone.test.ts';
/** Steps of a stage run side by side; the next stage begins when all of them are good. */
const STAGES = [
  [
    ['build', 'npm', 'run', '--silent', 'build'],
    ['format and lint', 'npx', 'biome', 'ci', '--colors=off', '.'],
  ],
  [
    ['tests', ...vitest(REPORTS[0], '--exclude', `**/*${ALONE}`)],
    // Four times as quick as the version that vue-tsc needs; another package has its name in .bin.
    ['types of server and tests', 'node', 'node_modules/typescript-7/bin/tsc', '--noEmit'],
    ['types of the page', 'npx', 'vue-tsc', '--noEmit', '-p', 'web'],
  ],
  [
    [
      'tests that need the machine for themselves',
      ...vitest(REPORTS[1], '--no-file-parallelism', ALONE),
    ],
  ],
];

function vitest(report, ...which) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return ['npx', 'vitest', 'run', ...reporters, ...which];
}

/** What a step printed is shown when it has ended, so that steps do not mix. */
function run([name, command, ...args]) {
  const begun = Date.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => pieces.push(piece));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(pieces));
      const verdict = code === 0 ? 'good' : 'FAILED';
      console.log(`--- ${name}: ${verdict}, ${Math.round((Date.now() - begun) / 1000)} s\n`);
      resolve(code === 0);
    });
  });
}

/** Tests that are skipped count as failed: nothing is left out quietly. */
function testCounts(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  // A file that could not even be loaded has no tests to count.
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.length === 0;
  });
  return [report.numPassedTests, report.numFailedTests + skipped + broken.length];
}

for (const report of REPORTS) rmSync(report, { force: true });
let good = true;
for (const stage of STAGES) {
  if (good) good = (await Promise.all(stage.map(run))).every(Boolean);
}
const counts = REPORTS.map((report) => (existsSync(report) ? testCounts(report) : [0, 1]));
const [passed, failed] = [0, 1].map((place) => counts.reduce((sum, both) => sum + both[place], 0));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = good && failed === 0 ? 0 : 1;
