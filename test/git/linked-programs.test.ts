import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { linkedPrograms } from '../../src/git/linked-programs.ts'
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

test('a hook that is a link into the work tree runs what lies there', () => {
  const { root, hooks, link } = makeTree()
  link('.git/hooks/pre-commit', '../../scripts/check.sh')
  expect(linkedPrograms(root, hooks, [])).toEqual(['scripts/check.sh'])
})

test('what a link will run once it is there counts too', () => {
  const { root, hooks, link } = makeTree()
  link('.git/hooks/pre-commit', '../../scripts/later.sh')
  expect(linkedPrograms(root, hooks, [])).toEqual(['scripts/later.sh'])
})

test('the directory of hooks may itself be a link, and what is in it too', () => {
  const { root, link } = makeTree()
  mkdirSync(join(root, 'own-hooks'))
  link('hooks', 'own-hooks')
  link('own-hooks/commit-msg', '../scripts/check.sh')
  expect(linkedPrograms(root, join(root, 'hooks'), [])).toEqual(['own-hooks', 'scripts/check.sh'])
})

test('hooks at the top of the tree are known by their names', () => {
  const { root } = makeTree()
  const found = linkedPrograms(root, root, [])
  expect(found).toEqual(expect.arrayContaining(['pre-push', 'commit-msg', 'reference-transaction']))
  expect(found).not.toContain('scripts')
})

test('a program that is named in configuration may be a link to another file of the tree', () => {
  const { root, hooks, link } = makeTree()
  link('clean', 'scripts/check.sh')
  expect(linkedPrograms(root, hooks, [pathBytes('clean')])).toEqual(['scripts/check.sh'])
})

test('links that lead out of the tree, or in a circle, are nobody’s concern', () => {
  const { root, hooks, link } = makeTree()
  link('.git/hooks/pre-commit', '/bin/true')
  link('.git/hooks/commit-msg', 'commit-msg')
  expect(linkedPrograms(root, hooks, [])).toEqual([])
  expect(linkedPrograms(root, join(root, 'nowhere'), [])).toEqual(['nowhere'])
})
