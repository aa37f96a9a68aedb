import { defineConfig } from 'vitest/config';

/** What is not in `npm test`: Python and R of docs/reading.md, and its recording made anew. */
export default defineConfig({
  test: {
    include: ['test/docs/languages.ts', 'test/docs/example.ts'],
    testTimeout: 300_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
