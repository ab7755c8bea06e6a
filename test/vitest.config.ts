import { defineConfig } from 'vitest/config'

/** The gate counts from the runner's own report. */
const reporters =
  process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: '.test-results.json' }]]

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: reporters as 'default'[],
  },
})
