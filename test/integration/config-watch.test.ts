import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { watchConfig } from '../../src/daemon/config-watch.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { until } from '../support/until.ts'

test('a file where a directory of settings should be stops nobody from watching', async () => {
  const home = mkdtempSync(join(tmpdir(), 'config-watch-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const workspace = join(home, 'workspace')
  const own = join(workspace, '.workspace-sync')
  mkdirSync(join(home, '.config'), { recursive: true })
  mkdirSync(workspace)
  for (const path of [own, join(home, '.config', 'workspace-sync')]) writeFileSync(path, '')
  let changes = 0
  const watch = watchConfig({ workspace, home, env: {}, sets: [] }, systemClock, () => void changes++)
  onTestFinished(() => watch.close())
  await until('what changed before it watched is asked for', () => changes > 0, 15_000)
  rmSync(own)
  mkdirSync(own)
  writeFileSync(join(own, 'config.json'), '{}')
  await until('the settings were noticed', () => changes > 1, 15_000)
  const before = changes
  rmSync(own, { recursive: true })
  writeFileSync(own, '')
  await until('the file in their place was noticed', () => changes > before, 15_000)
  expect(changes).toBeLessThan(5)
})
