import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'

const harmless = '#!/bin/sh\nexit 0\n'
const other = '#!/bin/sh\ntouch "$(git rev-parse --show-toplevel)/ran"\n'

function executable(repo: TempRepo, path: string, text: string): void {
  repo.write(path, text)
  chmodSync(join(repo.root, path), 0o755)
}

function link(repo: TempRepo, path: string, to: string): void {
  rmSync(join(repo.root, path), { force: true })
  mkdirSync(dirname(join(repo.root, path)), { recursive: true })
  symlinkSync(to, join(repo.root, path))
}

function shared(repo: TempRepo): void {
  repo.git('add', '-A')
  repo.git('commit', '-q', '--no-verify', '-m', 'by hand')
  repo.git('push', '-q')
}

/** What somebody's next commit runs. */
function runsOther(repo: TempRepo): boolean {
  repo.git('commit', '-q', '--allow-empty', '-m', 'mine')
  return existsSync(join(repo.root, 'ran'))
}

async function waitsFor(here: TempRepo, ...names: readonly string[]): Promise<void> {
  const { daemon } = await startMachine(here)
  const { problem } = await daemon.sync(null)
  expect(problem).toContain('changes what git runs here')
  for (const name of names) expect(problem).toContain(name)
  expect(runsOther(here)).toBe(false)
}

test('the folder of hooks is reached through a tracked link: a pull that turns it elsewhere waits', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  executable(here, 'v1/hooks/pre-commit', harmless)
  link(here, 'tools', 'v1')
  shared(here)
  here.git('config', 'core.hooksPath', 'tools/hooks')
  there.git('pull', '-q')
  executable(there, 'v2/hooks/pre-commit', other)
  link(there, 'tools', 'v2')
  shared(there)
  await waitsFor(here, 'tools', 'v2/hooks/pre-commit')
})

test('a hook is a link to a tracked link: a pull that turns that one elsewhere waits', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  executable(here, 'impl/harmless.sh', harmless)
  link(here, 'tools/pre-commit', '../impl/harmless.sh')
  shared(here)
  link(here, '.git/hooks/pre-commit', '../../tools/pre-commit')
  there.git('pull', '-q')
  executable(there, 'impl/other.sh', other)
  link(there, 'tools/pre-commit', '../impl/other.sh')
  shared(there)
  await waitsFor(here, 'tools/pre-commit', 'impl/other.sh')
})

test('the folder of hooks is not there yet: a pull that brings a link on the way to it waits', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  here.git('config', 'core.hooksPath', 'tools/hooks')
  executable(there, 'elsewhere/hooks/pre-commit', other)
  link(there, 'tools', 'elsewhere')
  shared(there)
  await waitsFor(here, 'tools', 'elsewhere/hooks/pre-commit')
})

test('a link beside the way is nobody’s concern', async () => {
  const { here, there } = makeMachines({ 'tools/hooks/commit-msg': harmless })
  here.git('config', 'core.hooksPath', 'tools/hooks')
  there.git('pull', '-q')
  link(there, 'tools/latest', 'hooks')
  link(there, 'docs', 'tools')
  shared(there)
  const { daemon } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(existsSync(join(here.root, 'docs'))).toBe(true)
})

test('the user’s configuration is a link into the work tree: a pull that changes it waits', async () => {
  const { here, there } = makeMachines({ 'dotfiles/config': '[user]\n\tname = me\n' })
  const own = readFileSync(join(here.root, '.git', 'config'), 'utf8')
  here.write('dotfiles/config', own)
  shared(here)
  link(here, '.git/config', '../dotfiles/config')
  pushFrom(there, { 'dotfiles/config': `${own}[core]\n\tpager = touch ran\n` })
  await waitsFor(here, 'dotfiles/config')
})
