import { defineConfig } from 'vitest/config';

/** Pictures of every view, and the store's logos: `npm run screenshots`. */
export default defineConfig({
  test: {
    include: ['test/browser/screenshots.ts', 'test/browser/logos.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
});
