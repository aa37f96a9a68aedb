import { defineConfig } from 'vitest/config';

/** What `npm run test:faults` runs: the tests of `npm test`, and those that need more than it may ask for. */
export default defineConfig({
  test: {
    include: ['test/faults/*.test.ts', 'test/faults/*.campaign.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
