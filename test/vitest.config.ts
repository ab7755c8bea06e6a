import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The gate counts from the runner's own report. */
const reporters =
  process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: '.test-results.json' }]]

/** Folders whose files take longest, longest first: what is begun last must not be what everything then waits for. */
const longest = ['/simulation/', '/e2e/', '/integration/']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((folder) => moduleId.includes(folder))
      return found < 0 ? longest.length : found
    }
    // oxlint-disable-next-line no-array-sort -- a sequencer is no array
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // A process for each file would spend more on loading what the one before had loaded than on the tests.
    isolate: false,
    // More than there are cores: most of them wait, for git, for a daemon, for a quiet period.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: reporters as 'default'[],
  },
})
