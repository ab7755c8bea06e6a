import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { workspacePaths } from '../../src/cli/locate.ts'
import { findWorkspace } from '../../src/cli/workspace.ts'
import { pathBytes } from '../../src/types.ts'
import { pretendWorkTree } from '../support/run-cli.ts'

let top: string

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-sync-find-')))
})

afterEach(() => rmSync(top, { recursive: true }))

test('a work tree is found from anywhere inside it', () => {
  const stateDir = pretendWorkTree(top)
  mkdirSync(join(top, 'a', 'b'), { recursive: true })
  expect(findWorkspace(top)).toEqual({ root: top, stateDir })
  expect(findWorkspace(join(top, 'a', 'b'))).toEqual({ root: top, stateDir })
})

test('the nearest work tree counts', () => {
  pretendWorkTree(top)
  const inner = join(top, 'inner')
  const stateDir = pretendWorkTree(inner)
  expect(findWorkspace(inner)).toEqual({ root: inner, stateDir })
})

test('a linked work tree names its git directory in a file', () => {
  pretendWorkTree(top)
  const gitDir = join(top, '.git', 'worktrees', 'w')
  const linked = join(top, 'linked')
  mkdirSync(gitDir, { recursive: true })
  mkdirSync(linked)
  writeFileSync(join(gitDir, 'HEAD'), '')
  for (const name of [gitDir, '../.git/worktrees/w']) {
    writeFileSync(join(linked, '.git'), `gitdir: ${name}\n`)
    expect(findWorkspace(linked)).toEqual({ root: linked, stateDir: join(gitDir, 'workspace-sync') })
  }
})

test('an empty .git, a broken .git file and a bare repository are no work tree', () => {
  for (const name of ['empty', 'broken', 'bare']) mkdirSync(join(top, name))
  mkdirSync(join(top, 'empty', '.git'))
  writeFileSync(join(top, 'broken', '.git'), 'gitdir: /nowhere\n')
  writeFileSync(join(top, 'bare', 'HEAD'), '')
  for (const name of ['empty', 'broken', 'bare', 'missing']) expect(findWorkspace(join(top, name))).toBeNull()
})

test('paths are taken from where the user is, and need not exist', () => {
  mkdirSync(join(top, 'sub'))
  const paths = (...args: readonly string[]) => workspacePaths(top, join(top, 'sub'), args)
  expect(paths('a', './b/', '../c', join(top, 'd'), 'grün')).toEqual(
    ['sub/a', 'sub/b', 'c', 'd', 'sub/grün'].map(pathBytes),
  )
  expect(paths('..')).toEqual([''])
})

test('a name that only looks like the parent is inside', () => {
  expect(workspacePaths(top, top, ['..notes'])).toEqual(['..notes'])
})

test('a path outside is refused', () => {
  expect(() => workspacePaths(top, top, ['../x'])).toThrow('is outside of')
  expect(() => workspacePaths(top, top, ['/etc/passwd'])).toThrow('is outside of')
})

test('a workspace reached by a link knows both names of a path', () => {
  const root = join(top, 'real')
  mkdirSync(root)
  symlinkSync(root, join(top, 'link'))
  writeFileSync(join(root, 'a'), '')
  expect(workspacePaths(join(top, 'link'), join(top, 'link'), [join(root, 'a')])).toEqual(['a'])
  expect(workspacePaths(root, root, [join(top, 'link', 'a')])).toEqual(['a'])
})
