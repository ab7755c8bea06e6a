import { chmodSync, closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null

/** As the daemon would have made them. @returns the last one */
function commitsOfOurs(repo: TempRepo, versions: readonly string[]): string {
  for (const text of versions) {
    repo.write('a.md', text)
    repo.git('commit', '-q', '-am', `sync: ${text}\n\nWorkspace-Sync-Id: ${text}`)
  }
  return repo.git('rev-parse', 'HEAD')
}

test('what somebody else pushed appears in the work tree by itself: new, changed and deleted files', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n', 'd/c.sh': 'c\n' })
  const { daemon } = await startMachine(here)
  pushFrom(there, { 'a.md': 'A\n', 'b.md': null, 'new/deep/x.md': 'x\n' })
  await until('the new file', () => read(here.root, 'new/deep/x.md') === 'x\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(read(here.root, 'a.md')).toBe('A\n')
  expect(read(here.root, 'b.md')).toBeNull()
  expect(here.git('status', '--porcelain')).toBe('')
  expect(here.git('rev-parse', 'HEAD')).toBe(there.git('rev-parse', 'HEAD'))
})

test('edits of both sides in different files are merged and pushed, and nobody is asked', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
  pushFrom(there, { 'b.md': 'B\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'A\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('main:a.md')).toBe('A\n')
  expect(remote.show('main:b.md')).toBe('B\n')
  expect(read(here.root, 'b.md')).toBe('B\n')
  expect(here.git('status', '--porcelain')).toBe('')
})

test('edits of both sides in different lines of one file are merged', async () => {
  const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`)
  const { here, there, remote } = makeMachines({ 'a.md': lines.join('') })
  pushFrom(there, { 'a.md': lines.with(1, 'theirs\n').join('') })
  const { daemon } = await startMachine(here)
  here.write('a.md', lines.with(18, 'ours\n').join(''))
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('main:a.md')).toBe(lines.with(1, 'theirs\n').with(18, 'ours\n').join(''))
  expect(read(here.root, 'a.md')).toBe(remote.show('main:a.md'))
})

test('what two machines appended to a log is all there, in one order on both', async () => {
  const { here, there, remote } = makeMachines({ 'events.jsonl': '{"n":0}\n' })
  pushFrom(there, { 'events.jsonl': '{"n":0}\n{"theirs":1}\n' })
  const { daemon } = await startMachine(here)
  here.write('events.jsonl', '{"n":0}\n{"ours":1}\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('main:events.jsonl')).toBe('{"n":0}\n{"theirs":1}\n{"ours":1}\n')
})

test('an edit outlives a deletion on the other side', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n', 'c.md': 'c\n' })
  pushFrom(there, { 'a.md': null, 'b.md': 'edited there\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'edited here\n')
  here.git('rm', '-q', '--cached', 'b.md')
  here.git('commit', '-q', '-m', 'b is gone here')
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(remote.show('main:a.md')).toBe('edited here\n')
  expect(remote.show('main:b.md')).toBe('edited there\n')
})

test('a path that is staged here stays as it is to the byte, and the rest comes in', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
  const { daemon, told } = await startMachine(here)
  await daemon.sync(null)
  here.write('a.md', 'staged\n')
  here.git('add', 'a.md')
  here.write('a.md', 'and edited again\n')
  const staged = here.git('ls-files', '--stage', 'a.md')
  pushFrom(there, { 'a.md': 'theirs\n', 'b.md': 'B\n' })
  await until('the other file', () => here.git('log', '-1', '--format=%s') === 'made elsewhere')
  await until('the index', () => !existsSync(join(here.root, '.git', 'index.lock')))
  expect(read(here.root, 'b.md')).toBe('B\n')
  expect(read(here.root, 'a.md')).toBe('and edited again\n')
  expect(here.git('ls-files', '--stage', 'a.md')).toBe(staged)
  here.git('restore', '--staged', 'a.md')
  // The user's own command may hold the index at that moment: then the answer is a problem.
  let held = await daemon.sync(null)
  await until('an answer', async () => held.problem === null || (held = await daemon.sync(null)).problem === null)
  expect(held, told.join('\n')).toMatchObject({ ok: false, held: [{ path: 'a.md' }] })
  expect(held.held[0]?.reason).toContain('conflicts resolve')
})

test('an executable bit and permissions: the commit says whether it runs, the owner who may read it', async () => {
  const { here, there } = makeMachines({ 'run.sh': 'echo\n' })
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  there.write('run.sh', 'echo 2\n')
  there.git('update-index', '--chmod=+x', 'run.sh')
  chmodSync(join(there.root, 'run.sh'), 0o755)
  chmodSync(join(here.root, 'run.sh'), 0o600)
  there.git('commit', '-q', '-am', 'runs')
  there.git('push', '-q')
  await until('the file', () => read(here.root, 'run.sh') === 'echo 2\n')
  expect(statSync(join(here.root, 'run.sh')).mode & 0o777).toBe(0o700)
})

test('our own unpushed commits are put on the remote where that is wanted', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n', 'c.md': 'c\n' })
  for (const [at, text] of ['A\n', 'AA\n'].entries()) {
    here.write('a.md', text)
    here.write('c.md', `${at}\n`)
    here.git('commit', '-q', '-am', `sync: ${at}\n\nWorkspace-Sync-Id: ${at}`, '--date', `@${1_000_000_000 + at} +0200`)
  }
  pushFrom(there, { 'b.md': 'B\n', 'c.md': 'theirs\n' })
  const theirs = remote.git('rev-parse', 'main')
  const { daemon } = await startMachine(here, ['pull.mode=rebase'])
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(remote.git('log', '--format=%s %ad', '--date=raw', '-3', 'main').split('\n').slice(0, 2)).toEqual([
    'sync: 1 1000000001 +0200',
    'sync: 0 1000000000 +0200',
  ])
  expect(remote.git('rev-parse', 'main~2')).toBe(theirs)
  expect(remote.show('main:a.md')).toBe('AA\n')
  expect(remote.show('main:c.md')).toBe('theirs\n')
  expect(read(here.root, 'b.md')).toBe('B\n')
  const kept = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n')
  expect(kept.map((ref) => here.show(`${ref}:c.md`))).toEqual(['1\n'])
})

test('of several commits that are put on the remote one side is kept, the newest, and the others stay in reach', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  const head = commitsOfOurs(here, ['older\n', 'newest\n'])
  pushFrom(there, { 'a.md': 'theirs\n' })
  const { daemon } = await startMachine(here, ['pull.mode=rebase'])
  expect((await daemon.sync(null)).problem).toBeNull()
  const kept = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n')
  expect(kept.map((ref) => here.show(`${ref}:a.md`))).toEqual(['newest\n'])
  const replaced = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/replaced/')
  expect(replaced).toBe(`refs/workspace-sync/replaced/${head}`)
  expect(here.show(`${replaced}~1:a.md`)).toBe('older\n')
})

test('a replay with no conflict in the end keeps no side', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  const head = commitsOfOurs(here, ['older\n', 'theirs\n'])
  pushFrom(there, { 'a.md': 'theirs\n' })
  const { daemon } = await startMachine(here, ['pull.mode=rebase'])
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(here.git('for-each-ref', 'refs/workspace-sync/conflicts/')).toBe('')
  expect(here.show(`refs/workspace-sync/replaced/${head}~1:a.md`)).toBe('older\n')
})

test('where somebody’s own commit is among them they are merged, not moved', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
  here.write('a.md', 'A\n')
  here.git('commit', '-q', '-am', 'by hand')
  const byHand = here.git('rev-parse', 'HEAD')
  pushFrom(there, { 'b.md': 'B\n' })
  const { daemon } = await startMachine(here, ['pull.mode=rebase'])
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(remote.git('rev-parse', 'main^1')).toBe(byHand)
})

test('a file and a directory of the same name: nothing of either side is lost', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  pushFrom(there, { 'x/deep.md': 'deep\n' })
  const { daemon } = await startMachine(here)
  here.write('x', 'a file\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(remote.show('main:x/deep.md')).toBe('deep\n')
  const [ref = ''] = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n')
  expect(here.show(`${ref}:x`)).toBe('a file\n')
  expect(here.git('status', '--porcelain')).toBe('')
})

test('a new file of theirs where something ignored lies here: both stay', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', '.gitignore': 'local.cfg\n' })
  here.write('local.cfg', 'mine, ignored\n')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  there.git('pull', '-q')
  there.write('local.cfg', 'theirs\n')
  there.write('a.md', 'A\n')
  there.git('add', '-f', 'local.cfg', 'a.md')
  there.git('commit', '-q', '-m', 'tracked there')
  there.git('push', '-q')
  await until('the other file', () => read(here.root, 'a.md') === 'A\n')
  expect(read(here.root, 'local.cfg')).toBe('mine, ignored\n')
  await daemon.sync(null)
  expect(here.show('HEAD:local.cfg')).toBe('theirs\n')
})

test('git is told to look away from a file: an edit of it stays here, and what comes is not taken for the old one', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'local.cfg': 'shared\n' })
  here.git('update-index', '--assume-unchanged', 'local.cfg')
  here.write('local.cfg', 'only here\n')
  const { daemon } = await startMachine(here)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  pushFrom(there, { 'a.md': 'A\n', 'local.cfg': 'shared more\n' })
  await until('the other file', () => read(here.root, 'a.md') === 'A\n')
  await until('the index', () => here.git('diff', '--cached', '--name-only') === '')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(read(here.root, 'local.cfg')).toBe('only here\n')
  expect(here.git('ls-files', '-v', 'local.cfg')).toBe('h local.cfg')
})

test('a sparse checkout stays sparse, and nothing that it left out counts as deleted or staged', async () => {
  const { here, there, remote } = makeMachines({ 'in/a.md': 'a\n', 'out/b.md': 'b\n', 'out/gone.md': 'g\n' })
  here.git('sparse-checkout', 'set', 'in')
  const { daemon } = await startMachine(here)
  pushFrom(there, { 'in/a.md': 'A\n', 'out/b.md': 'B\n', 'out/gone.md': null })
  await until('the file in the checkout', () => read(here.root, 'in/a.md') === 'A\n')
  await until('the index', () => here.git('status', '--porcelain') === '')
  here.write('in/a.md', 'mine\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(existsSync(join(here.root, 'out'))).toBe(false)
  expect(remote.show('main:out/b.md')).toBe('B\n')
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).toBe('in/a.md\nout/b.md')
})

test('only a timestamp differs here: the remote’s real change comes in', async () => {
  const state = (n: number, at: string): string => `${JSON.stringify({ n, last_update: at }, null, 2)}\n`
  const { here, there } = makeMachines({ '.claude/contexts/s.json': state(1, '1') })
  const { daemon } = await startMachine(here)
  here.write('.claude/contexts/s.json', state(1, '2'))
  await daemon.sync(null)
  pushFrom(there, { '.claude/contexts/s.json': state(2, '3') })
  await until('it', () => read(here.root, '.claude/contexts/s.json') === state(2, '3'))
  await until('the index', () => here.git('status', '--porcelain') === '')
})

test('what is never synced from here keeps nothing waiting, also when no commit is left in the budget', async () => {
  const state = '.claude/autonomous/service-status.json'
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n', [state]: '1\n' })
  const { daemon, told } = await startMachine(here, ['limits.mode=strict', 'limits.commitsPerHour=1'])
  await daemon.sync(null)
  here.write('a.md', 'A\n')
  await until('the commit of this hour', () => told.some((line) => line.startsWith('committed')))
  await daemon.sync(null)
  here.write(state, '2\n')
  pushFrom(there, { [state]: '3\n', 'b.md': 'B\n' })
  await until('the rest comes in', () => read(here.root, 'b.md') === 'B\n')
  expect(read(here.root, state)).toBe('2\n')
})

test('a file that somebody has open for writing is not replaced under their hands', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  const open = openSync(join(here.root, 'a.md'), 'a')
  const head = here.git('rev-parse', 'HEAD')
  // The second is fetched when the first has been dealt with.
  for (const text of ['B\n', 'C\n']) {
    pushFrom(there, { 'a.md': `theirs, with ${text}`, 'b.md': text })
    await until('it was fetched', () => here.git('rev-parse', 'origin/main') === there.git('rev-parse', 'HEAD'))
  }
  expect([read(here.root, 'a.md'), here.git('rev-parse', 'HEAD')]).toEqual(['a\n', head])
  closeSync(open)
  await until('it comes when they are done', () => read(here.root, 'a.md') === 'theirs, with C\n')
})
