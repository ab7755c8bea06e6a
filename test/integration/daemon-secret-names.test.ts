import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { cliIn } from '../support/run-cli.ts'
import { diceOf } from '../support/seed.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'

vi.setConfig({ testTimeout: 60_000 })

const dice = diceOf(41)
/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function token(): string {
  const letters = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'
  return `ghp_${Array.from({ length: 36 }, () => letters[dice.between(0, letters.length - 1)]).join('')}`
}

const say = async (root: string, ...args: readonly string[]): Promise<string> => (await cliIn(root, ...args)).said

test('a secret in a name, in a key, or in what a hook says is held or refused, and shown nowhere', async () => {
  const repo = makeRepo({ 'a.md': 'first\n', 'b.json': '{"k":1}\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const [inName, inKey, ofHook] = [token(), token(), token()]
  const name = `notes/n-${inName}.md`
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)

  repo.write(name, 'harmless\n')
  const { held } = await daemon.sync(null)
  expect(held.map(({ path }) => path)).toEqual([name])
  expect(held[0]?.reason).toContain('GitHub token in its name')
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).not.toContain('notes')

  const hook = join(repo.root, '.git/hooks/commit-msg')
  writeFileSync(hook, `#!/bin/sh\necho "found ${ofHook}" >&2\nexit 1\n`)
  chmodSync(hook, 0o755)
  repo.write('b.json', `{"k":2,"${inKey}":3}\n`)
  repo.write('a.md', 'second\n')
  const refused = (await daemon.sync(null)).held.find(({ path }) => path === 'a.md')
  expect(refused?.reason ?? '').toContain('found ghp_***')

  const told = [
    await say(repo.root, 'status'),
    await say(repo.root, 'status', '--json'),
    await say(repo.root, 'why', name),
    await say(repo.root, 'why', '--json', 'b.json'),
    await say(repo.root, 'why', 'a.md'),
    await say(repo.root, 'test-filter', name, 'b.json'),
    await say(repo.root, 'test-filter', '--json', name, 'b.json'),
    await say(repo.root, 'health'),
    await say(repo.root, 'logs'),
    readFileSync(join(repo.root, '.git/workspace-sync/status.json'), 'utf8'),
  ]
  expect(told[0]).toContain('n-ghp_***.md')
  expect(told[6]).toMatch(/"\.<[0-9a-f]{6}>"/)
  for (const text of told) for (const secret of [inName, inKey, ofHook]) expect(text).not.toContain(secret)
})

test('deleting a file with a secret in its name reveals nothing', async () => {
  const name = `n-${token()}.md`
  const repo = makeRepo({ 'a.md': 'first\n', [name]: 'x\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  rmSync(join(repo.root, name))
  expect((await daemon.sync(null)).held).toEqual([])
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).toBe('a.md')
})
