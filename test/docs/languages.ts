import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { EXAMPLE, printed, snippets } from './page.ts';

const BETWEEN = '----- next -----';

/** Interpreters that take a script from their standard input, and where to get them. */
const LANGUAGES = [
  {
    fence: 'python',
    command: process.env['QSENSOR_PYTHON'] ?? '/usr/bin/python3',
    separator: `print("${BETWEEN}")\n`,
    install: 'apt-get install python3-pandas',
  },
  {
    fence: 'r',
    command: process.env['QSENSOR_RSCRIPT'] ?? 'Rscript',
    separator: `cat("${BETWEEN}\\n")\n`,
    install: 'apt-get install r-base-core r-cran-jsonlite r-cran-digest',
  },
];

test.each(LANGUAGES)(
  'the $fence code of docs/reading.md prints what the page shows',
  async ({ fence, command, separator, install }) => {
    const all = await snippets(fence);
    const input = all.map(({ code }) => code).join(separator);
    const run = spawnSync(command, ['-'], { cwd: EXAMPLE, input, encoding: 'utf8' });
    const missing = run.error !== undefined || /No module named|no package called/.test(run.stderr);
    expect(missing, `${command} or a package of it is missing: ${install}`).toBe(false);
    expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status: 0 });
    const outputs = run.stdout.split(`${BETWEEN}\n`);
    expect(outputs).toHaveLength(all.length);
    for (const [index, snippet] of all.entries()) await printed(snippet, outputs[index] ?? '');
  },
);
