import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { reachedFrom } from '../../src/git/reached.ts'
import { pathBytes } from '../../src/types.ts'

interface Tree {
  readonly root: string
  readonly hooks: string
  link(path: string, to: string): void
}

function makeTree(): Tree {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'sync-links-'))), 'tree')
  onTestFinished(() => rmSync(join(root, '..'), { recursive: true }))
  const hooks = join(root, '.git', 'hooks')
  mkdirSync(hooks, { recursive: true })
  mkdirSync(join(root, 'scripts'))
  writeFileSync(join(root, 'scripts', 'check.sh'), '')
  writeFileSync(join(hooks, 'pre-push'), '')
  return { root, hooks, link: (path, to) => symlinkSync(to, join(root, path)) }
}

/** Below what git comes to by a directory of hooks, and by other names. */
async function placesOf(root: string, hooks: string, ...files: readonly string[]): Promise<readonly string[]> {
  return [...(await reachedFrom(root, { hooks: [hooks], files }, null)).places]
}

test('a hook that is a link into the work tree runs what lies there', async () => {
  const { root, hooks, link } = makeTree()
  link('.git/hooks/pre-commit', '../../scripts/check.sh')
  expect(await placesOf(root, hooks)).toEqual(['scripts/check.sh'])
})

test('what a link will run once it is there counts too', async () => {
  const { root, hooks, link } = makeTree()
  link('.git/hooks/pre-commit', '../../scripts/later.sh')
  expect(await placesOf(root, hooks)).toEqual(['scripts/later.sh'])
})

test('the directory of hooks may itself be a link, and what is in it too', async () => {
  const { root, link } = makeTree()
  mkdirSync(join(root, 'own-hooks'))
  link('hooks', 'own-hooks')
  link('own-hooks/commit-msg', '../scripts/check.sh')
  const found = await placesOf(root, join(root, 'hooks'))
  expect(found).toEqual(['hooks', 'own-hooks', 'own-hooks/commit-msg', 'scripts/check.sh'])
})

test('hooks at the top of the tree are known by their names', async () => {
  const { root } = makeTree()
  const found = await placesOf(root, root)
  expect(found).toEqual(expect.arrayContaining(['pre-push', 'commit-msg', 'reference-transaction']))
  expect(found).not.toContain('scripts')
})

test('a program that is named in configuration may be a link to another file of the tree, from anywhere', async () => {
  const { root, hooks, link } = makeTree()
  link('clean', 'scripts/check.sh')
  link('../clean', 'tree/scripts/other.sh')
  expect(await placesOf(root, hooks, join(root, 'clean'))).toEqual(['clean', 'scripts/check.sh'])
  expect(await placesOf(root, hooks, join(root, '..', 'clean'))).toEqual(['scripts/other.sh'])
})

test('every directory and link on the way is known, that of a link to a link, too', async () => {
  const { root, hooks, link } = makeTree()
  link('tools', 'latest')
  link('latest', 'old/../scripts')
  const { ways } = await reachedFrom(root, { hooks: [hooks], files: [join(root, 'tools/check.sh')] }, null)
  expect([...ways]).toEqual(['tools', 'latest', 'old', 'scripts', 'scripts/check.sh'])
})

test('the way is looked at with the links that come, and without those that go', async () => {
  const { root, hooks, link } = makeTree()
  link('tools', 'scripts')
  const places = async (says: string | null) => {
    const coming = { links: new Map([[pathBytes('tools'), says]]), read: (oid: string) => Promise.resolve(oid) }
    return [...(await reachedFrom(root, { hooks: [hooks], files: [join(root, 'tools/check.sh')] }, coming)).places]
  }
  expect(await places('new/deep')).toEqual(['tools/check.sh', 'scripts/check.sh', 'new/deep/check.sh'])
  expect(await places(null)).toEqual(['tools/check.sh', 'scripts/check.sh'])
})

test('links that lead out of the tree, or in a circle, are nobody’s concern', async () => {
  const { root, hooks, link } = makeTree()
  link('.git/hooks/pre-commit', '/bin/true')
  link('.git/hooks/commit-msg', 'commit-msg')
  expect(await placesOf(root, hooks)).toEqual([])
  expect(await placesOf(root, join(root, 'nowhere'))).toEqual(['nowhere'])
})
