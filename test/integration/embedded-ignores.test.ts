import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let native: GitEngine
let embedded: GitEngine

beforeEach(async () => {
  repo = makeRepo({ 'tracked.log': 'x\n', 'build/kept': 'x\n' })
  native = await openEngine(repo)
  embedded = await openEngine(repo, { engine: 'embedded' })
})

afterEach(async () => {
  await native.close()
  await embedded.close()
  repo.dispose()
})

// Two stars beside a letter are left out: what git makes of them before a slash hangs on where its memory lies
// (wildmatch.c compares pointers into two strings).
const patterns = [
  '*.log',
  '!kept.log',
  'build/',
  '/build',
  'a/b',
  'a/*',
  'a/**',
  '**/b',
  '**/b/',
  'a/**/c',
  '***',
  '!a/b/c',
  '\\!bang',
  '\\#hash',
  '#comment',
  'trail \\ ',
  'trail   ',
  '[ab]',
  '[!a]x',
  '[^a-c]?',
  '[a-',
  '[]a]',
  '[[:digit:]]*',
  '[\\]]',
  '?',
  'a?',
  'a\\*',
  '/',
  '//',
  'a//b',
  '!',
  '.*',
  'é*',
  'x\r',
  'b/',
  '!b/',
  '*',
  '!*/',
  'a*b*c',
  '*o*o*r',
  '**/a/**/b/**',
  'a[/]b',
  'a[!x]b/*',
  '[b-a]',
  '[!x-a]',
  '[a-[:digit:]]',
  'foo**bar',
  '**',
  '**a',
  '/**/c',
  'c/**/',
  'nowhere\\',
] as const
const paths = [
  'a/b/c',
  'a/b/deep/c',
  'a/c',
  'b',
  'c/b/x',
  'x.log',
  'kept.log',
  'a/kept.log',
  'build/x',
  'sub/build/x',
  '!bang',
  '#hash',
  'trail  ',
  'trail',
  'ax',
  'a*',
  '1x',
  ']',
  'é',
  'x',
  '.hidden/x',
  'a/.hidden',
  'foo1bar',
  'foo/bar',
  'sub/a/b',
] as const

const lines = array(constantFrom(...patterns), { maxLength: 6 })

test('what is ignored, and what lies changed in the work tree, is what git says', { timeout: 120_000 }, async () => {
  for (const path of paths) {
    mkdirSync(dirname(join(repo.root, path)), { recursive: true })
    if (path !== 'b') repo.write(path, 'x\n')
  }
  mkdirSync(join(repo.root, 'b'), { recursive: true })
  repo.write('b/inside', 'x\n')
  const asked = [...paths, 'b/inside', 'build', 'a', 'a/b', 'sub/build', 'gone/build/x'].map((path) => pathBytes(path))
  await assert(
    asyncProperty(lines, lines, lines, async (top, inner, exclude) => {
      repo.write('.gitignore', `${top.join('\n')}\n`)
      repo.write('a/.gitignore', inner.join('\n'))
      repo.write('.git/info/exclude', exclude.join('\n'))
      native.forgetIgnores()
      expect([...(await embedded.ignored(asked))].toSorted()).toEqual([...(await native.ignored(asked))].toSorted())
      expect(await embedded.changedPaths()).toEqual([...(await native.changedPaths())].toSorted())
      expect([...(await embedded.merging.ignoredPaths())].toSorted()).toEqual(
        [...(await native.merging.ignoredPaths())].toSorted(),
      )
      expect([...(await embedded.ignoredDirectories())].toSorted()).toEqual(
        [...(await native.ignoredDirectories())].toSorted(),
      )
    }),
    { numRuns: 25, seed: 11 },
  )
  rmSync(join(repo.root, 'a'), { recursive: true })
})

test('ignore rules of the user are found where git finds them, wherever this program was started', async () => {
  const home = join(repo.root, '..', 'home')
  mkdirSync(join(home, '.config/git'), { recursive: true })
  writeFileSync(join(home, '.config/git/ignore'), '*.noise\n')
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = A\n\temail = a@example.invalid\n')
  const { GIT_CONFIG_GLOBAL: _, ...others } = gitEnvironment
  const environment = { ...others, HOME: home, XDG_CONFIG_HOME: '' }
  const engines = [await openEngine(repo, { environment }), await openEngine(repo, { environment, engine: 'embedded' })]
  repo.write('a.noise', 'x\n')
  repo.write('b.din', 'x\n')
  for (const engine of engines) expect(await engine.changedPaths(), engine.name).toEqual(['b.din'])
  // From the top of the work tree.
  repo.git('config', 'core.excludesFile', '.git/mine')
  repo.write('.git/mine', '*.din\n')
  for (const engine of engines) {
    engine.forgetIgnores()
    expect(await engine.changedPaths(), engine.name).toEqual(['a.noise'])
    expect(await engine.merging.ignoreFiles(), engine.name).toEqual(await engines[0]?.merging.ignoreFiles())
    await engine.close()
  }
})
