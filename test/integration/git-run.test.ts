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

test('a child that goes on saying something is not ended, one that falls silent is, and one that never ends is', async (context) => {
  const place = tempDirectory()
  context.onTestFinished(() => place.dispose())
  const git = createGit(place.path, gitEnvironment)
  const busy = 'i=0; while [ $i -lt 12 ]; do i=$((i+1)); echo $i >&2; sleep 0.25; done'
  const [slow, silent, endless] = await Promise.all([
    git.run({ args: alias(busy), deadlineMs: 60_000, stillMs: 2_000 }),
    git.run({ args: alias('echo begun >&2; sleep 60'), deadlineMs: 60_000, stillMs: 500 }),
    git.run({ args: alias('while echo on; do sleep 0.1; done'), deadlineMs: 1_500, stillMs: 1_400 }),
  ])
  expect(slow).toMatchObject({ code: 0, fault: null })
  expect(silent).toMatchObject({ fault: 'timeout', stderr: 'begun\n' })
  expect(endless).toMatchObject({ fault: 'timeout' })
})

test('of what writes over itself the last is kept, and what was said before and after it', async (context) => {
  const place = tempDirectory()
  context.onTestFinished(() => place.dispose())
  const git = createGit(place.path, gitEnvironment)
  const spinner = String.raw`printf 'first\r\n'; i=0; while [ $i -lt 9000 ]; do i=$((i+1)); printf 'at %s of 9000\r' $i; done`
  const answer = await git.run({ args: alias(`{ ${spinner}; printf '\\nfatal: last\\n'; } >&2`), deadlineMs: 20_000 })
  expect(answer.stderr).toBe('first\r\nat 9000 of 9000\r\nfatal: last\n')
})

test('a directory that is gone is told apart from a git that is', async () => {
  const place = tempDirectory()
  const git = createGit(place.path, gitEnvironment)
  place.dispose()
  expect((await git.run({ args: ['status'], deadlineMs: 20_000 })).fault).toBe('no-directory')
  const without = createGit('/', { ...gitEnvironment, PATH: '/nonexistent' })
  expect((await without.run({ args: ['status'], deadlineMs: 20_000 })).fault).toBe('missing')
})
