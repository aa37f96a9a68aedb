import { defineConfig } from 'vitest/config';

/** The page in browsers of other makes, which must be installed: `npm run test:engines`. */
export default defineConfig({
  test: {
    include: ['test/engines/*.engines.ts'],
    testTimeout: 180_000,
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
});
