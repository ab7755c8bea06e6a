import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace, type CliPlace } from '../support/run-cli.ts'
import { openRepoAt, type TempRepo } from '../support/temp-repo.ts'

const clone = 'a'.repeat(16)

/** A repository whose branch has `theirs`, while `ours` is kept, as after a merge that nobody could settle. */
function conflicted(): { readonly place: CliPlace; readonly repo: TempRepo; readonly ref: string } {
  const place = cliPlace()
  const repo = openRepoAt(place.root)
  repo.git('init', '-q', '-b', 'main')
  repo.write('a.md', 'ours\n')
  repo.git('add', '-A')
  const blob = repo.git('rev-parse', ':a.md')
  const kept = repo.git('commit-tree', '-m', 'kept', repo.git('write-tree'))
  const ref = `refs/workspace-sync/conflicts/${clone}/${blob}`
  repo.git('update-ref', ref, kept)
  repo.write('a.md', 'theirs\n')
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'theirs')
  return { place, repo, ref }
}

test('what is kept is listed and shown, with both sides', async () => {
  const { place, ref } = conflicted()
  const list = await place.run(['conflicts', 'list', '--json'])
  const listed: unknown = JSON.parse(list.out)
  expectShape('conflicts list', listed)
  expect(listed).toMatchObject({ conflicts: [{ path: 'a.md', kind: 'kept', clone, ref }] })
  expect((await place.run(['conflicts', 'list'])).out).toMatch(/1 conflict[\s\S]*a\.md[\s\S]*conflicts resolve/)
  const show = await place.run(['conflicts', 'show', 'a.md', '--json'])
  const shown: unknown = JSON.parse(show.out)
  expectShape('conflicts show', shown)
  expect(shown).toMatchObject({ path: 'a.md', branch: 'theirs\n', kept: [{ text: 'ours\n' }] })
  expect((await place.run(['conflicts', 'show', 'a.md'])).out).toMatch(/on the branch\n {2}theirs\n[\s\S]*\n {2}ours/)
})

test('a secret of either side is shown nowhere', async () => {
  const { place, repo } = conflicted()
  const token = ['ghp', 'Zq8LmV3tXr5WcYb7NdKe2HjFg6TsAu9PoQi1'].join('_')
  repo.write('a.md', `mine\ntoken ${token}\n`)
  repo.git('add', '-A')
  const kept = repo.git('commit-tree', '-m', 'kept', repo.git('write-tree'))
  repo.git('update-ref', `refs/workspace-sync/conflicts/${clone}/${repo.git('rev-parse', ':a.md')}`, kept)
  for (const more of [[], ['--json']]) {
    const { out } = await place.run(['conflicts', 'show', 'a.md', ...more])
    expect(out).toMatch(/mine[\s\S]*\(line held: GitHub token\)/)
    expect(out).not.toContain(token)
  }
})

test('nothing open is said so, and asking about a path that is in no conflict fails with what to do', async () => {
  const { place, repo, ref } = conflicted()
  repo.git('update-ref', '-d', ref)
  expect((await place.run(['conflicts', 'list'])).out).toBe('no conflicts\n')
  for (const verb of ['show', 'resolve']) {
    const { code, err } = await place.run(['conflicts', verb, 'a.md'])
    expect(code).toBe(1)
    expect(err).toMatch(/a\.md is in no conflict\n.*conflicts list/)
  }
})

test.each([
  ['--ours', 'ours\n', 'ours'],
  ['--theirs', 'theirs\n', 'theirs'],
  [null, 'theirs\n', 'file'],
])('resolve %s, without a daemon', async (option, text, side) => {
  const { place, repo, ref } = conflicted()
  const { code, out } = await place.run([
    'conflicts',
    'resolve',
    'a.md',
    '--json',
    ...(option === null ? [] : [option]),
  ])
  expect(code).toBe(0)
  const answer: unknown = JSON.parse(out)
  expectShape('conflicts resolve', answer)
  expect(answer).toMatchObject({ resolved: [{ path: 'a.md' }], side })
  expect(readFileSync(join(repo.root, 'a.md'), 'utf8')).toBe(text)
  expect(repo.git('for-each-ref', ref)).toBe('')
})

test('an edit that is not committed is not overwritten by our side', async () => {
  const { place, repo, ref } = conflicted()
  repo.write('a.md', 'a newer edit\n')
  const { code, err } = await place.run(['conflicts', 'resolve', 'a.md', '--ours'])
  expect(code).toBe(1)
  expect(err).toMatch(/a\.md has changes that are not committed yet\n.*sync/)
  expect(readFileSync(join(repo.root, 'a.md'), 'utf8')).toBe('a newer edit\n')
  expect(repo.git('for-each-ref', ref)).not.toBe('')
})

test.each([
  ['--assume-unchanged', /look away from a\.md[\s\S]*--no-assume-unchanged a\.md/],
  ['--skip-worktree', /look away from a\.md[\s\S]*--no-skip-worktree a\.md/],
])('what lies where git looks away (%s) is not overwritten by our side', async (option, told) => {
  const { place, repo, ref } = conflicted()
  repo.git('update-index', option, 'a.md')
  repo.write('a.md', 'an edit that git does not see\n')
  const { code, err } = await place.run(['conflicts', 'resolve', 'a.md', '--ours'])
  expect(code).toBe(1)
  expect(err).toMatch(told)
  expect(readFileSync(join(repo.root, 'a.md'), 'utf8')).toBe('an edit that git does not see\n')
  expect(repo.git('for-each-ref', ref)).not.toBe('')
})

test('an ignored file that is in no commit is not overwritten by our side', async () => {
  const { place, repo, ref } = conflicted()
  repo.git('rm', '-q', '--cached', 'a.md')
  repo.write('.gitignore', 'a.md\n')
  repo.git('add', '.gitignore')
  repo.git('commit', '-q', '-m', 'ignored from now on')
  repo.write('a.md', 'weeks of work\n')
  const { code, err } = await place.run(['conflicts', 'resolve', 'a.md', '--ours'])
  expect(code).toBe(1)
  expect(err).toMatch(/a\.md is ignored here[\s\S]*git add -f a\.md/)
  expect(readFileSync(join(repo.root, 'a.md'), 'utf8')).toBe('weeks of work\n')
  expect(repo.git('for-each-ref', ref)).not.toBe('')
})

test('what another clone keeps can be looked at here, and is settled by who names a side, with the remote', async () => {
  const { place, repo, ref } = conflicted()
  repo.git('update-ref', ref.replace('/conflicts/', '/others/'), ref)
  repo.git('update-ref', '-d', ref)
  expect((await place.run(['conflicts', 'show', 'a.md'])).out).toContain('  ours')
  const unnamed = await place.run(['conflicts', 'resolve', 'a.md'])
  expect(unnamed.code).toBe(1)
  expect(unnamed.err).toMatch(/kept by another clone\n.*--ours or --theirs/)
  const { code, err } = await place.run(['conflicts', 'resolve', 'a.md', '--ours'])
  expect(code).toBe(1)
  expect(err).toMatch(/is on a remote, and this branch follows none\n/)
  expect(readFileSync(join(repo.root, 'a.md'), 'utf8')).toBe('theirs\n')
})

test('both sides at once are no answer', async () => {
  const { place } = conflicted()
  expect((await place.run(['conflicts', 'resolve', 'a.md', '--ours', '--theirs'])).code).toBe(2)
  expect(existsSync(join(place.root, '.git', 'workspace-sync', 'daemon.lock'))).toBe(false)
})

test('where our side cannot be put, nothing is settled and it stays kept', async () => {
  const { place, repo, ref } = conflicted()
  repo.git('rm', '-q', 'a.md')
  repo.write('a.md/deep.md', 'theirs\n')
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'a directory now')
  const { code, err } = await place.run(['conflicts', 'resolve', 'a.md', '--ours'])
  expect(code).toBe(1)
  expect(err).toMatch(/a\.md stays as it is: .*\n/)
  expect(repo.git('for-each-ref', ref)).not.toBe('')
})

test('no conflict is settled on a branch that is not synced', async () => {
  const { place, repo, ref } = conflicted()
  repo.git('switch', '-q', '-c', 'other')
  const run = ['conflicts', 'resolve', 'a.md', '--ours']
  const { code, err } = await place.run(['--set', 'branches=main', ...run])
  expect(code).toBe(1)
  expect(err).toMatch(/branch other is not synced[^]*git switch main/)
  expect(readFileSync(join(repo.root, 'a.md'), 'utf8')).toBe('theirs\n')
  expect(repo.git('for-each-ref', ref)).not.toBe('')
  expect((await place.run(['--set', 'branches=main,other', ...run])).code).toBe(0)
})

test('where the second of two paths cannot be put, what was settled before it is named', async () => {
  const { place, repo, ref } = conflicted()
  const blob = repo.git('hash-object', '-w', 'a.md')
  repo.git('update-index', '--add', '--cacheinfo', `100644,${blob},b.md`)
  const kept = repo.git('commit-tree', '-m', 'kept', repo.git('write-tree'))
  repo.git('update-ref', ref.replace(/[^/]*$/, blob), kept)
  repo.git('reset', '-q', '--hard')
  repo.write('.git/info/exclude', '*.tmp\n')
  repo.write('b.md/open.tmp', 'in the way\n')
  const { code, err } = await place.run(['conflicts', 'resolve', 'a.md', 'b.md', '--ours'])
  expect(code).toBe(1)
  expect(err).toMatch(/b\.md stays as it is: .*; settled before it: a\.md/)
  const left: unknown = JSON.parse((await place.run(['conflicts', 'list', '--json'])).out)
  expect(left).toMatchObject({ conflicts: [{ path: 'b.md' }] })
})

test('with the newest side of a path the older ones go, each named', async () => {
  const { place, repo, ref } = conflicted()
  repo.write('a.md', 'ours, later\n')
  repo.git('add', '-A')
  const blob = repo.git('rev-parse', ':a.md')
  const kept = repo.git('commit-tree', '-m', 'kept', repo.git('write-tree'))
  repo.git('update-ref', `refs/workspace-sync/conflicts/${clone}/${blob}`, kept)
  repo.git('reset', '-q', '--hard')
  const { out } = await place.run(['conflicts', 'resolve', 'a.md', '--theirs', '--json'])
  const { resolved } = JSON.parse(out) as { readonly resolved: readonly { readonly replaced: string | null }[] }
  expect(new Set(resolved.map(({ replaced }) => replaced))).toEqual(new Set([blob, ref.split('/').at(-1)]))
  expect(repo.git('for-each-ref', 'refs/workspace-sync/conflicts/')).toBe('')
})

test('the same bytes at two paths are two conflicts: one settled leaves the other', async () => {
  const { place, repo, ref } = conflicted()
  repo.git('read-tree', '--empty')
  repo.git('update-index', '--add', '--cacheinfo', `100644,${ref.split('/').at(-1)},a.md`)
  repo.git('update-index', '--add', '--cacheinfo', `100644,${ref.split('/').at(-1)},b.md`)
  const kept = repo.git('commit-tree', '-m', 'kept', repo.git('write-tree'))
  repo.git('update-ref', `refs/workspace-sync/conflicts/${clone}/${repo.git('rev-parse', ':a.md')}`, kept)
  repo.git('reset', '-q')
  expect((await place.run(['conflicts', 'resolve', 'a.md', '--theirs'])).code).toBe(0)
  const left: unknown = JSON.parse((await place.run(['conflicts', 'list', '--json'])).out)
  expect(left).toMatchObject({ conflicts: [{ path: 'b.md' }] })
})
