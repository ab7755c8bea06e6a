import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { lookAtState, spoiled } from '../../src/health/state.ts'
import { tempDirectory } from '../support/temp-repo.ts'

test.each([
  ['{ half', spoiled, /^P doctor --fix$/],
  // Moving it aside would forget what was agreed to: that is for a person to say.
  ['{"version":2}', 'was written by a newer version of this program', /^mv \S+state\.json \S+state\.json\.newer$/],
])('a state of %s is named with what to do', (text, why, remedy) => {
  const { path, dispose } = tempDirectory()
  onTestFinished(dispose)
  writeFileSync(join(path, 'state.json'), text)
  const { damaged } = lookAtState(path, 'P')
  expect(damaged).toEqual([{ name: join(path, 'state.json'), why, remedy: expect.stringMatching(remedy) as string }])
})
