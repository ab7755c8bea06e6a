import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createHome } from '../../src/daemon/home.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { tempDirectory } from '../support/temp-repo.ts'

function makeHome() {
  const { path, dispose } = tempDirectory()
  onTestFinished(dispose)
  const [root, gitDir] = [join(path, 'work'), join(path, 'kept', 'git')]
  for (const directory of [root, gitDir]) mkdirSync(directory, { recursive: true })
  let nowMs = 0
  const clock = { ...systemClock, monotonicMs: () => nowMs }
  return { root, gitDir, home: createHome({ root, gitDir }, clock), pass: (ms: number) => void (nowMs += ms) }
}

test('a work tree that was taken away is gone, also where its git directory lies elsewhere, until it is back', () => {
  const { root, home, pass } = makeHome()
  expect([home.isGone(), home.goneForMs()]).toEqual([false, 0])
  renameSync(root, `${root}.away`)
  expect(home.goneForMs()).toBe(0)
  pass(700)
  expect([home.isGone(), home.goneForMs()]).toEqual([true, 700])
  renameSync(`${root}.away`, root)
  expect([home.isGone(), home.goneForMs()]).toEqual([false, 0])
})

test('a git directory that is gone, or another one in its place, is no home; one that does not answer may be', () => {
  const { gitDir, home } = makeHome()
  renameSync(gitDir, `${gitDir}.away`)
  expect(home.isGone()).toBe(true)
  mkdirSync(gitDir)
  expect(home.isGone()).toBe(true)
  rmSync(gitDir, { recursive: true })
  // As near to a disk that does not answer as a test may come.
  symlinkSync(gitDir, gitDir)
  expect(home.isGone()).toBe(false)
})
