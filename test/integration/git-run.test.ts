import { expect, test } from 'vitest'
import { createGit } from '../../src/git/run.ts'
import { gitEnvironment, tempDirectory } from '../support/temp-repo.ts'

const flag = new Int32Array(new SharedArrayBuffer(4))
/** Holds up the whole loop, as a large piece of work does. */
const holdUp = (ms: number): void => void Atomics.wait(flag, 0, 0, ms)

const alias = (script: string): readonly string[] => ['-c', `alias.say=!${script}`, 'say']

test('what a child said is read to its end, however long the loop was held up when it ended', async (context) => {
  const place = tempDirectory()
  context.onTestFinished(() => place.dispose())
  const git = createGit(place.path, gitEnvironment)
  const later = git.run({ args: alias('sleep 0.5; echo whole'), deadlineMs: 20_000 })
  const first = new Promise<void>((resolve) => {
    // While its words are taken the other child ends, and that end is seen in the same turn of the loop, before what
    // the other one said; then the loop is held up for longer than a pipe is waited for.
    const output = (): void => {
      holdUp(1_000)
      setImmediate(() => holdUp(400))
    }
    git.start(alias('echo first'), { output, ended: () => resolve() })
  })
  holdUp(400)
  await first
  expect((await later).stdout.toString()).toBe('whole\n')
})

test('a program that a hook left behind outside of its group, and that never falls silent, is left', async (context) => {
  const place = tempDirectory()
  context.onTestFinished(() => place.dispose())
  const git = createGit(place.path, gitEnvironment)
  const chatter = 'setsid sh -c "while echo still here >&2; do sleep 0.05; done" & echo said'
  const answer = await git.run({ args: alias(chatter), deadlineMs: 20_000 })
  expect(answer).toMatchObject({ code: 0, fault: null })
  expect(answer.stdout.toString()).toBe('said\n')
})
