import { defineConfig } from 'vitest/config';

/** Checks that need programs of other people: npm run test:science. */
export default defineConfig({
  test: { include: ['test/science/*.check.ts'], testTimeout: 60_000 },
});
