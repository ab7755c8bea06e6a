import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { startHere } from '../support/daemon-here.ts'
import { cliIn } from '../support/run-cli.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

// Seconds on an idle machine; on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })
const patienceMs = 30_000

test('what is removed of the socket and the status while it runs is there again within seconds', async (context) => {
  const repo = makeRepo({ 'a.md': 'first\n' })
  context.onTestFinished(() => repo.dispose())
  addRemote(repo)
  const { stop, told } = await startHere(repo)
  context.onTestFinished(stop)
  const stateDir = join(repo.root, '.git/workspace-sync')
  const [socket, status] = [join(stateDir, 'control.sock'), join(stateDir, 'status.json')]
  const isWhole = (): boolean => existsSync(status) && readFileSync(status, 'utf8').endsWith('}\n')
  const hears = async (): Promise<boolean> => (await ask(stateDir, 'ping', {})) !== 'no-daemon'
  await until('the first look is over', async () => (await cliIn(repo.root, 'sync')).code === 0, patienceMs)

  rmSync(socket)
  await until('it listens again', hears, patienceMs)
  // Whoever was being answered is answered.
  const asked = ask(stateDir, 'sync', { paths: null })
  await until('the socket is in use', hears, patienceMs)
  rmSync(socket)
  expect(await asked).toMatchObject({ ok: true })

  rmSync(status)
  expect(JSON.parse((await cliIn(repo.root, 'status', '--json')).out)).toMatchObject({ running: true })
  await until('the status is written again', isWhole, patienceMs)
  writeFileSync(status, 'rubbish')
  await until('rubbish is overwritten', isWhole, patienceMs)

  rmSync(stateDir, { recursive: true })
  await until('all is there again', async () => isWhole() && (await hears()), patienceMs)
  expect(await cliIn(repo.root, 'sync')).toMatchObject({ code: 0 })
  expect(told.filter((line) => line.includes('a command failed'))).toEqual([])
})
