import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { statusReport } from '../../src/cli/status-report.ts'
import { ask } from '../../src/control/control.ts'
import { untold } from '../../src/notices/notices.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { readTrusted } from '../../src/trust/trust.ts'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, openRepoAt, runGit } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const rules = '.workspace-sync/filters/x.rules'

test('a fresh clone whose rules wait for a word is in sync, and tells once what the word is', async () => {
  const repo = makeRepo({ [rules]: 'ALLOW:data/**:all of it\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  runGit(dirname(repo.root), ['clone', '-q', '--branch', 'main', remote.root, 'clone'])
  const clone = openRepoAt(join(dirname(repo.root), 'clone'))
  const { engine, stop } = await startHere(clone)
  onTestFinished(stop)
  const { stateDir, root } = engine.repository
  const status = () => {
    const file = JSON.parse(readFileSync(join(stateDir, 'status.json'), 'utf8')) as StatusFile
    return statusReport(file, Date.now(), String)
  }
  await until('it is in sync', () => status().inSync, 10_000)
  const reason = expect.stringContaining(`say workspace-sync ack ${rules}`)
  expect(status()).toMatchObject({ held: [], waiting: [{ path: rules, reason }] })
  expect(untold.take(stateDir).map(({ text }) => text)).toEqual([
    expect.stringContaining(`workspace-sync ack ${rules}`),
  ])

  const { waiting } = await readTrusted({
    root,
    consents: [],
    isBringing: false,
    nowMs: Date.now(),
    engine: () => Promise.resolve(engine),
    isSettled: () => true,
  })
  await ask(stateDir, 'ack', { acknowledged: [], trusted: waiting })
  await until('nothing waits', () => status().waiting.length === 0, 10_000)
  expect(untold.read(stateDir)).toBeNull()
})
