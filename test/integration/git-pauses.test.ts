import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { eachEngine, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ f: '1\n' })
  repo.git('switch', '-q', '-c', 'side')
  repo.write('f', 'side\n')
  repo.git('commit', '-q', '-am', 'side')
  repo.git('switch', '-q', 'main')
  repo.write('f', 'main\n')
  repo.git('commit', '-q', '-am', 'main')
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const names = async () => (await engine.pauses()).map(({ name }) => name)

/** What `git` is told, an editor that changes nothing beside it. */
const type = (command: string): string => repo.git('-c', 'core.editor=true', ...command.split(' '))
const fails = (...args: readonly string[]): void => expect(() => repo.git(...args)).toThrow()
const settle = (): void => {
  repo.write('f', 'settled\n')
  repo.git('add', 'f')
}
const patch = (): void => repo.write('../p', repo.git('format-patch', '--stdout', '-1', 'side'))

/** A situation, and the command that ends it. */
const situations: readonly (readonly [string, () => void, string])[] = [
  ['a rebase with conflicts', () => fails('rebase', 'side'), 'rebase --abort'],
  ['a rebase whose conflicts are settled', () => (fails('rebase', 'side'), settle()), 'rebase --continue'],
  ['an older kind of rebase', () => (fails('rebase', '--apply', 'side'), settle()), 'rebase --continue'],
  ['a patch that does not fit', () => (patch(), fails('am', '../p')), 'am --abort'],
  ['a merge with conflicts', () => fails('merge', 'side'), 'merge --abort'],
  ['a merge that waits for its message', () => (fails('merge', 'side'), settle()), 'merge --continue'],
  ['a cherry-pick with conflicts', () => fails('cherry-pick', 'side'), 'cherry-pick --abort'],
  ['a cherry-pick that is settled', () => (fails('cherry-pick', 'side'), settle()), 'cherry-pick --continue'],
  [
    'several cherry-picks, the first committed by hand',
    () => {
      repo.git('switch', '-q', 'side')
      repo.write('g', 'g\n')
      repo.git('add', 'g')
      repo.git('commit', '-q', '-m', 'more')
      repo.git('switch', '-q', 'main')
      fails('cherry-pick', 'side~1', 'side')
      settle()
      repo.git('commit', '-q', '-m', 'by hand')
    },
    'cherry-pick --continue',
  ],
  [
    'several reverts, the first committed by hand',
    () => {
      for (const [path, text] of ['f2', 'f3', 'g1']) {
        repo.write(path ?? '', `${text}\n`)
        repo.git('add', '.')
        repo.git('commit', '-q', '-m', `${path}${text}`)
      }
      fails('revert', '--no-edit', 'HEAD~2', 'HEAD')
      settle()
      repo.git('commit', '-q', '-m', 'by hand')
    },
    'revert --continue',
  ],
  ['a revert that is not committed', () => void repo.git('revert', '--no-commit', 'HEAD'), 'revert --continue'],
  ['a bisect', () => void repo.git('bisect', 'start'), 'bisect reset'],
  ['a HEAD on no branch', () => void repo.git('switch', '-q', '--detach'), 'switch main'],
  [
    'a HEAD that came from no branch to no branch',
    () => {
      repo.git('switch', '-q', '--detach')
      repo.git('switch', '-q', '--detach', 'side~1')
    },
    'switch -c work-',
  ],
]

eachEngine(() => {
  test('a rebase, a cherry-pick, a revert and a bisect stop commits until they are over', async () => {
    expect(await names()).toEqual([])
    expect(() => repo.git('rebase', 'side')).toThrow()
    expect(await names()).toEqual(['rebase-in-progress', 'detached-head', 'unmerged'])
    repo.git('rebase', '--abort')
    expect(await names()).toEqual([])
    expect(() => repo.git('cherry-pick', 'side')).toThrow()
    expect(await names()).toEqual(['cherry-pick-in-progress', 'unmerged'])
    repo.git('cherry-pick', '--abort')
    repo.git('revert', '--no-commit', 'HEAD')
    expect(await names()).toEqual(['revert-in-progress'])
    repo.git('revert', '--abort')
    repo.git('bisect', 'start')
    expect(await names()).toEqual(['bisect-in-progress'])
    repo.git('bisect', 'reset')
    expect(await names()).toEqual([])
  })

  test('unmerged entries without an operation are a pause too', async () => {
    repo.git('switch', '-q', '-c', 'third', 'main~1')
    repo.write('f', 'third\n')
    repo.git('stash', '-q')
    repo.git('switch', '-q', 'main')
    expect(() => repo.git('stash', 'pop')).toThrow()
    expect(await names()).toEqual(['unmerged'])
  })
})

test.each(situations)('%s ends when what it proposes is typed', async (_, begin, expected) => {
  begin()
  const [pause] = await engine.pauses()
  expect(pause?.command).toMatch(new RegExp(`^${expected}`))
  expect(pause?.remedy).toContain(`git ${pause?.command}`)
  expect(pause?.detail).toBe(`${pause?.what}: ${pause?.remedy}`)
  type(pause?.command ?? '')
  expect(await engine.pauses()).toEqual([])
})

test('a branch whose name is no text is not taken for another: nothing is committed until it has another name', async () => {
  const at = (name: string): Buffer => Buffer.from(`${repo.root}/.git/${name}`, 'latin1')
  writeFileSync(at('refs/heads/z\xff'), `${repo.git('rev-parse', 'HEAD')}\n`)
  writeFileSync(at('HEAD'), Buffer.from('ref: refs/heads/z\xff\n', 'latin1'))
  expect(await engine.head()).toEqual({ ref: null, oid: repo.git('rev-parse', 'HEAD') })
  expect(await engine.pauses()).toMatchObject([
    { name: 'branch-name', remedy: 'git branch -m <name> gives it another' },
  ])
  repo.git('branch', '-m', 'plain')
  expect(await engine.head()).toMatchObject({ ref: 'refs/heads/plain' })
  expect(await names()).toEqual([])
})
