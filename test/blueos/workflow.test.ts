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
  jobs: Record<string, { needs?: string; if?: string; steps: Step[] }>;
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

test('a release has an archive of the image for each kind of vehicle, under the same name', async () => {
  const { archives } = (await workflow()).jobs;
  expect(archives).toMatchObject({ needs: 'image', if: "github.ref_type == 'tag'" });
  const builds =
    archives?.steps.flatMap((step) => (step.with?.['outputs'] ? [step.with] : [])) ?? [];
  expect(builds.map(({ platforms }) => platforms)).toEqual(['linux/arm/v7', 'linux/arm64']);
  expect(new Set(builds.map(({ tags }) => tags)).size).toBe(1);
  for (const { outputs } of builds) {
    expect(outputs).toMatch(/^type=docker,dest=qsensor-recorder-.*-arm(v7|64)\.tar$/);
  }
  const release = archives?.steps.find(({ run }) => run?.includes('gh release create'))?.run;
  expect(release).toContain('*.tar');
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
