/** A workspace that is deleted, moved or replaced while its daemon runs: nothing is made where it was. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/platform/platform.ts'
import { startHere, type DaemonHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

interface Place {
  readonly repo: TempRepo
  readonly remote: TempRepo
  readonly here: DaemonHere
  /** Lets time pass for the daemon. */
  pass(ms: number): void
}

async function place(): Promise<Place> {
  const repo = makeRepo({ 'a.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  let passedMs = 0
  const clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + passedMs,
    monotonicMs: () => systemClock.monotonicMs() + passedMs,
  }
  const here = await startHere(repo, { clock })
  onTestFinished(here.stop)
  return { repo, remote, here, pass: (ms) => void (passedMs += ms) }
}

const isTold = ({ told }: DaemonHere, text: string): Promise<void> =>
  until(text, () => told.some((line) => line.includes(text)), 20_000)

test('one that is deleted stays deleted, and its daemon ends', async () => {
  const { repo, here, pass } = await place()
  rmSync(repo.root, { recursive: true, maxRetries: 5 })
  await isTold(here, 'the workspace folder or its git directory is gone')
  expect(existsSync(repo.root)).toBe(false)
  pass(61_000)
  await here.daemon.ended
  expect(here.told).toContain('stopped: the workspace is gone')
  expect(existsSync(repo.root)).toBe(false)
})

test('one that is moved away is not begun anew where it was, and goes on when it is back', async () => {
  const { repo, remote, here } = await place()
  renameSync(repo.root, `${repo.root}-moved`)
  await isTold(here, 'the workspace folder or its git directory is gone')
  expect(existsSync(repo.root)).toBe(false)
  renameSync(`${repo.root}-moved`, repo.root)
  await isTold(here, 'workspace-gone is over')
  repo.write('a.md', 'second\n')
  await until('it is on the remote', () => remote.show('main:a.md') === 'second\n', 20_000)
  expect(here.told.filter((line) => line.includes('not found on PATH'))).toEqual([])
})

test('another repository in its place is not touched', async () => {
  const { repo, here, pass } = await place()
  renameSync(repo.root, `${repo.root}-moved`)
  mkdirSync(repo.root)
  repo.git('init', '-q')
  await isTold(here, 'or is another one')
  pass(61_000)
  await here.daemon.ended
  expect(readdirSync(join(repo.root, '.git'))).not.toContain('workspace-sync')
  expect(existsSync(join(`${repo.root}-moved`, '.git', 'workspace-sync', 'state.json'))).toBe(true)
})
