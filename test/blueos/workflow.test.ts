import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/server.ts';

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  on: { push: { tags: string[] } };
  jobs: Record<string, { needs?: string; steps: Step[] }>;
}

const workflow = async () =>
  parse(await readFile('.github/workflows/image.yml', 'utf8')) as Workflow;

test('the image is built for every vehicle, after the tests, and published on a tag only', async () => {
  const { on, jobs } = await workflow();
  const steps = jobs['image']?.steps ?? [];
  const build = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))?.with;
  expect(on.push.tags).toEqual(['v*']);
  expect(jobs['test']?.steps.map(({ run }) => run)).toContain('npm test');
  expect(jobs['image']?.needs).toBe('test');
  expect(build?.['platforms']).toBe('linux/arm/v7,linux/arm64,linux/amd64');
  expect(build?.['push']).toMatch(/github\.ref_type == 'tag'/);
});

test('a tag that is not the version of package.json ends it', async () => {
  const { jobs } = await workflow();
  const script = jobs['image']?.steps.find(({ id }) => id === 'version')?.run ?? '';
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  const output = join(await temporaryFolder(), 'output');
  const check = (TAG: string) =>
    spawnSync('bash', ['-e', '-c', script], {
      env: { ...process.env, TAG, GITHUB_OUTPUT: output },
      encoding: 'utf8',
    });
  expect(check('v9.9.9')).toMatchObject({ status: 1, stdout: expect.stringContaining(version) });
  expect(check(`v${version}`).status).toBe(0);
  expect(check('').status).toBe(0);
  expect(await readFile(output, 'utf8')).toBe(`number=${version}\n`.repeat(2));
});
