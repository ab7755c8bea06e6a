/** A remote that has no name of its own, as `git push -u https://user:token@host/x main` leaves it behind. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { lookAtRemote } from '../../src/health/remote.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { openEngine } from '../support/open-engine.ts'
import { gitEnvironment } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const address = 'https://bot:s3cr3t@example.invalid/x.git'

function byAddress(): Machines {
  const machines = makeMachines({ 'a.md': 'a\n' })
  machines.here.git('config', `url.${machines.remote.root}.insteadOf`, address)
  machines.here.git('config', 'branch.main.remote', address)
  return machines
}

test('no merge commit holds the password of the address that is merged from', async () => {
  const { here, there, remote } = byAddress()
  pushFrom(there, { 'b.md': 'b\n' })
  here.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  const { daemon, told } = await startMachine(here, ['pull.mode=merge'])
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(remote.git('log', '--format=%B', 'main')).toContain('merge main of https://example.invalid/x.git')
  expect(remote.git('log', '--format=%B', 'main') + told.join('\n')).not.toContain('s3cr3t')
})

test.each([
  ['is pushed to another remote', ['config', 'branch.main.pushRemote', 'fork']],
  ['is pushed to another address', ['config', 'remote.pushDefault', 'https://me:s3cr3t@fork.invalid/x']],
  ['has another name over there', ['branch', '-m', 'work']],
])('a branch that %s: no password is told, and what is proposed can be typed', async (_, command) => {
  const { here } = byAddress()
  here.git(...command)
  const { daemon, told } = await startMachine(here)
  const pause = (): string => told.find((line) => line.startsWith('paused: push-elsewhere')) ?? ''
  await until('the pause', () => pause() !== '')
  expect(pause()).toContain('https://example.invalid/x.git')
  const { problem } = await daemon.sync(null)
  const status = readFileSync(join(here.root, '.git', 'workspace-sync', 'status.json'), 'utf8')
  expect(`${problem}${status}${told.join('\n')}`).not.toContain('s3cr3t')
  const [, typed = ''] = /: (git (?:config|push) .*?)(?:;|$)/.exec(pause()) ?? []
  execFileSync('sh', ['-c', typed], { cwd: here.root, env: gitEnvironment, stdio: 'pipe' })
  await until('its end', () => told.some((line) => line.startsWith('resumed: push-elsewhere')))
})

test('what health proposes about such a remote holds no password', async () => {
  const { here } = byAddress()
  const engine = await openEngine(here)
  onTestFinished(() => engine.close())
  const { config } = await loadConfig({ workspace: here.root, home: '/nonexistent', env: {}, sets: [] })
  const fact = await lookAtRemote(engine, await engine.head(), config, systemClock)
  expect(fact).toMatchObject({ kind: 'answered', remote: 'https://example.invalid/x.git' })
})
