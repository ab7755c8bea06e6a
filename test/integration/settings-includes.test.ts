import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ ours: '0\n' })
  repo.write('.git/strict/commit-msg', '#!/bin/sh\nexit 1\n')
  chmodSync(join(repo.root, '.git', 'strict', 'commit-msg'), 0o755)
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const strict = '[core]\n\thooksPath = .git/strict\n'
let edits = 0

async function commitEdit(): Promise<string> {
  repo.write('ours', `${(edits += 1)}\n`)
  return (await commitPaths(engine, ['ours'])).kind
}

test('a file that git’s configuration includes is made later: its hooks are asked from then on', async () => {
  repo.git('config', 'include.path', 'more.cfg')
  expect(await commitEdit()).toBe('committed')
  repo.write('.git/more.cfg', strict)
  expect(await commitEdit()).toBe('hook-refused')
})

test('an included file that set nothing comes to set hooks: they are asked from then on', async () => {
  repo.write('.git/more.cfg', '# nothing yet\n')
  repo.git('config', 'include.path', 'more.cfg')
  expect(await commitEdit()).toBe('committed')
  repo.write('.git/more.cfg', strict)
  expect(await commitEdit()).toBe('hook-refused')
})

test('what is configured for a branch counts from the switch to it, and no longer than until the next', async () => {
  repo.write('.git/more.cfg', strict)
  repo.git('config', 'includeIf.onbranch:work.path', 'more.cfg')
  expect(await commitEdit()).toBe('committed')
  repo.git('switch', '-q', '-c', 'work')
  expect(await commitEdit()).toBe('hook-refused')
  repo.git('switch', '-q', 'main')
  expect(await commitEdit()).toBe('committed')
})

test('a conditional include of what is not there is nothing to fail by', async () => {
  repo.git('config', 'includeIf.gitdir:/nowhere/.path', `${'x'.repeat(300)}/more.cfg`)
  repo.git('config', 'includeIf.onbranch:other.path', '~/more.cfg')
  expect(await commitEdit()).toBe('committed')
})
