import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small files that wait long: begun last, as small files are, they would be waited for alone. */
const WAITING =
  /find-baud|pty-load|bad-link|environment|sensor\/sensor|mirror-command|vehicle\/vehicle/;

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification) => Number(WAITING.test(moduleId));
    return sorted.sort((a, b) => waits(b) - waits(a));
  }
}

// base './' keeps every address relative: the page runs under any proxy prefix.
export default defineConfig({
  root: 'web',
  base: './',
  plugins: [vue()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // What is newer in the styles is rewritten for these; test/browser/floor.test.ts holds the rest to them.
    target: ['chrome109', 'firefox115', 'safari16.4'],
    rolldownOptions: { input: ['web/index.html', 'web/widget.html'].map((page) => resolve(page)) },
  },
  test: {
    root: '.',
    include: ['{server,shared,topside,web,test}/**/*.test.ts'],
    globalSetup: ['test/browser/unpack.ts'],
    // Most tests wait for a device, a disk or a browser: more of them than cores fit.
    maxWorkers: 4,
    // No test changes what others see: a process for each file would take longer than many tests.
    isolate: false,
    sequence: { sequencer: WaitingFirst },
    testTimeout: 180_000,
    hookTimeout: 30_000,
    // Tests wait for states, on machines that may be busy.
    expect: { poll: { timeout: 30_000 } },
  },
});
