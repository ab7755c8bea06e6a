import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, program } from '../support/workspace.ts'

test('a daemon whose scanner for secrets cannot be loaded keeps everything here, says why, and goes on when it can', async (context) => {
  const workspace = makeWorkspace(context)
  const installed = dirname(dirname(program))
  const copy = join(workspace.root, '..', 'installed')
  mkdirSync(join(copy, 'node_modules', '@secretlint'), { recursive: true })
  for (const name of ['bin', 'dist', 'config', 'filters', 'package.json']) {
    cpSync(join(installed, name), join(copy, name), { recursive: true })
  }
  const packages = join(installed, 'node_modules')
  for (const name of readdirSync(packages)) {
    if (name !== '@secretlint') symlinkSync(join(packages, name), join(copy, 'node_modules', name))
  }
  cpSync(join(packages, '@secretlint'), join(copy, 'node_modules', '@secretlint'), { recursive: true })
  const part = join(copy, 'node_modules', '@secretlint', 'core', 'module', 'index.js')
  const whole = readFileSync(part)
  writeFileSync(part, whole.subarray(0, whole.length - 100))

  const daemon = await startDaemon(workspace, { program: join(copy, 'bin', 'workspace-sync.js') })
  workspace.repo.write('new.md', 'new\n')
  await daemon.says('the scanner for secrets cannot be loaded', 15_000)
  const tells = (): boolean => JSON.stringify(daemon.status()).includes('the scanner for secrets cannot be loaded')
  await until('status says why, too', tells, 15_000)
  expect(workspace.repo.git('status', '--porcelain')).toBe('?? new.md')

  writeFileSync(part, whole)
  await until('the remote has it', () => workspace.onRemote('new.md') === 'new\n', 15_000)
  expect(daemon.hasEnded(), daemon.err()).toBe(false)
})
