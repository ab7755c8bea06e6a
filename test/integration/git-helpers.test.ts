import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo, tempDirectory } from '../support/temp-repo.ts'

async function opened() {
  const repo = makeRepo({ 'a.txt': 'a\n' })
  const home = tempDirectory()
  onTestFinished(() => [repo, home].forEach((place) => place.dispose()))
  const global = join(home.path, 'gitconfig')
  writeFileSync(global, '')
  const environment = { ...gitEnvironment, HOME: home.path, GIT_CONFIG_GLOBAL: global }
  return { repo, global, home: home.path, engine: await openEngine(repo, { environment }) }
}

test('a filter that somebody switches on anywhere counts from the next commit on', async () => {
  const { repo, global, home, engine } = await opened()
  repo.write('one.txt', 'one\n')
  expect(await commitPaths(engine, ['one.txt'])).toMatchObject({ kind: 'committed' })
  writeFileSync(join(home, 'attributes'), '*.txt filter=loud\n')
  const filter = '[filter "loud"]\n\tclean = tr a-z A-Z\n\trequired\n'
  writeFileSync(global, `[core]\n\tattributesFile = ${join(home, 'attributes')}\n${filter}`)
  repo.write('two.txt', 'two\n')
  expect(await commitPaths(engine, ['two.txt'])).toMatchObject({ kind: 'committed' })
  expect(repo.show('HEAD:two.txt')).toBe('TWO\n')
})

test('an ignore file outside of the tree counts from the next question on', async () => {
  const { global, home, engine } = await opened()
  const path = pathBytes('a.noise')
  expect(await engine.ignored([path])).toEqual(new Set())
  writeFileSync(join(home, 'ignore'), '*.noise\n')
  writeFileSync(global, `[core]\n\texcludesFile = ${join(home, 'ignore')}\n`)
  expect(await engine.ignored([path])).toEqual(new Set([path]))
  writeFileSync(join(home, 'ignore'), '')
  expect(await engine.ignored([path])).toEqual(new Set())
})

test('what a collection by hand threw away is written again', async () => {
  const { repo, engine } = await opened()
  repo.write('x.txt', 'x\n')
  expect(await commitPaths(engine, ['x.txt'])).toMatchObject({ kind: 'committed' })
  repo.git('gc', '-q')
  repo.git('reset', '-q', '--hard', 'HEAD~')
  // A helper that is new now remembers the pack, once it met it.
  engine.forgetIgnores()
  repo.write('y.txt', 'a\n')
  expect(await commitPaths(engine, ['y.txt'])).toMatchObject({ kind: 'committed' })
  rmSync(join(repo.root, '.git', 'ORIG_HEAD'))
  repo.git('reflog', 'expire', '--expire=now', '--all')
  repo.git('gc', '-q', '--prune=now')
  repo.write('x.txt', 'x\n')
  expect(await commitPaths(engine, ['x.txt'])).toMatchObject({ kind: 'committed' })
  repo.git('fsck', '--strict')
})
