import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

const between = Array(20).fill('same').join('\n')
const hunks = (first: string, second: string) => `${first}\n${between}\n${second}\n`

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ ours: hunks('1', '1'), other: '1\n' })
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

/** What a person does in the work tree while commit-msg runs: after the last look, before the commit point. */
function meanwhile(script: string): void {
  const hook = join(repo.root, '.git', 'hooks', 'commit-msg')
  const commands = ['unset GIT_INDEX_FILE GIT_DIR GIT_PREFIX', script, 'exit 0']
  repo.write('.git/hooks/commit-msg', `#!/bin/sh\n${commands.join('\n')}\n`)
  chmodSync(hook, 0o755)
}

async function expectLookedAgain(): Promise<void> {
  const journal = memoryJournal()
  const base = repo.git('rev-parse', 'HEAD')
  expect(await commitPaths(engine, ['ours'], { journal })).toEqual({ kind: 'head-moved' })
  expect(repo.git('rev-parse', 'HEAD')).toBe(base)
  expect(journal.writes).toBe(0)
  expect(existsSync(join(repo.root, '.git', 'index.lock'))).toBe(false)
}

test('one hunk staged while a hook runs: neither is committed, and the staged one stays staged', async () => {
  repo.write('ours', hunks('2', '1'))
  repo.write('.git/first.patch', `${repo.git('diff')}\n`)
  repo.write('ours', hunks('2', '2'))
  meanwhile('git apply --cached .git/first.patch')
  await expectLookedAgain()
  expect(repo.show(':ours')).toBe(hunks('2', '1'))
})

test('the whole file staged while a hook runs is left to its person', async () => {
  repo.write('ours', hunks('2', '2'))
  meanwhile('git add ours')
  await expectLookedAgain()
  expect(repo.git('diff', '--cached', '--name-status')).toBe('M\tours')
})

test('a deletion staged while a hook runs is left to its person', async () => {
  repo.write('ours', hunks('2', '2'))
  meanwhile('git rm -q --cached ours')
  await expectLookedAgain()
  expect(repo.git('diff', '--cached', '--name-status')).toBe('D\tours')
})

test('another path staged while a hook runs holds nothing up', async () => {
  repo.write('ours', hunks('2', '2'))
  repo.write('other', '2\n')
  meanwhile('git add other')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed', paths: ['ours'] })
  expect(repo.git('diff', '--cached', '--name-status')).toBe('M\tother')
})

test('a merge with conflicts in other paths that begins while a hook runs gets no commit of ours', async () => {
  repo.git('switch', '-q', '-c', 'side')
  repo.write('other', 'side\n')
  repo.git('commit', '-q', '-am', 'side')
  repo.git('switch', '-q', 'main')
  repo.write('other', 'main\n')
  repo.git('commit', '-q', '-am', 'main')
  repo.write('ours', hunks('2', '2'))
  meanwhile('git merge -q side >.git/merge.log 2>&1')
  await expectLookedAgain()
  expect(repo.git('diff', '--name-only', '--diff-filter=U')).toBe('other')
  expect(existsSync(join(repo.root, '.git', 'MERGE_HEAD'))).toBe(true)
})

test('a merge without conflicts that waits for its message is an operation in progress too', async () => {
  repo.git('switch', '-q', '-c', 'side')
  repo.write('other', 'side\n')
  repo.git('commit', '-q', '-am', 'side')
  repo.git('switch', '-q', 'main')
  repo.git('commit', '-q', '--allow-empty', '-m', 'main')
  repo.write('ours', hunks('2', '2'))
  meanwhile('git merge -q --no-commit side >.git/merge.log 2>&1')
  await expectLookedAgain()
  expect(repo.git('diff', '--cached', '--name-status')).toBe('M\tother')
})

test('a branch switched while a hook runs gets no commit of ours', async () => {
  repo.write('ours', hunks('2', '2'))
  meanwhile('git switch -q -c elsewhere')
  await expectLookedAgain()
  expect(repo.git('log', '--all', '--format=%s')).toBe('first')
})

test('a file staged below a directory, in whose place ours is, while a hook runs: ours waits', async () => {
  repo.write('dir/one', '1\n')
  repo.git('add', 'dir')
  repo.git('commit', '-q', '-m', 'dir')
  rmSync(join(repo.root, 'dir'), { recursive: true })
  repo.write('dir', 'now a file\n')
  const blob = repo.git('rev-parse', 'HEAD:other')
  meanwhile(`git update-index --add --cacheinfo 100644,${blob},dir/two`)
  expect(await commitPaths(engine, ['dir', 'dir/one'])).toEqual({ kind: 'head-moved' })
  expect(repo.git('diff', '--cached', '--name-status')).toBe('A\tdir/two')
})
