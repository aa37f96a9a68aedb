import { defineConfig } from 'vitest/config';

/** Pictures of every view: `vitest run --config test/browser/screenshots.config.ts`. */
export default defineConfig({
  test: {
    include: ['test/browser/screenshots.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
