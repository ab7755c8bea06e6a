import { appendFileSync, chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

/** Somebody else puts a history without our commits in the place of the remote's: a commit for each of the files. */
function replaceFrom(repo: TempRepo, files: readonly string[]): void {
  for (const file of files) {
    repo.write(file, 'c\n')
    repo.git('add', '-A')
    repo.git('commit', '-q', '-m', file)
  }
  repo.git('push', '-q', '--force')
}

test('history that was pushed and then amended here is not merged back in, and goes out on a word', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  const pushed = remote.git('rev-parse', 'main')
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  const amended = here.git('rev-parse', 'HEAD')
  await until('the pause', async () => ((await daemon.sync(null)).problem ?? '').includes(pushed.slice(0, 10)))
  expect(remote.git('rev-parse', 'main')).toBe(pushed)
  expect(here.git('rev-parse', 'HEAD')).toBe(amended)

  const answer = await ask(join(here.root, '.git', 'workspace-sync'), 'sync', { paths: null, replaceRemote: true })
  expect(answer).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('rev-parse', 'main')).toBe(amended)
})

test('pushed commits that a reset took out here do not come back, also with a commit of ours on top, and it is told once', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  const pushed = remote.git('rev-parse', 'main')
  const pauses = (): number => told.filter((line) => line.startsWith('paused: rewritten')).length
  here.git('reset', '-q', '--hard', 'HEAD~1')
  await until('the pause', () => pauses() > 0)
  here.write('c.md', 'c\n')
  await until('the commit', () => here.git('ls-tree', '--name-only', 'HEAD').includes('c.md'))
  expect((await daemon.sync(null)).problem).toContain(pushed.slice(0, 10))
  expect(here.git('ls-tree', '--name-only', 'HEAD')).toBe('a.md\nc.md')
  expect(remote.git('rev-parse', 'main')).toBe(pushed)
  expect(pauses()).toBe(1)
})

test('a look at the remote between a commit of ours and our note of it does not end the pause', async () => {
  const { here } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here, ['pull.interval=20ms'])
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('reset', '-q', '--hard', 'HEAD~1')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  here.write('.git/hooks/reference-transaction', '#!/bin/sh\n[ "$1" = committed ] && sleep 0.5\nexit 0\n')
  chmodSync(join(here.root, '.git/hooks/reference-transaction'), 0o755)
  here.write('c.md', 'c\n')
  await until('the commit is told', () => told.some((line) => line.startsWith('committed') && line.includes('c.md')))
  expect(told.filter((line) => line.startsWith('resumed: rewritten'))).toEqual([])
})

test('what a killed git has written into the reflog, and nowhere else, was never here', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  pushFrom(there, { 'b.md': 'b\n' })
  const [head, tip] = [here.git('rev-parse', 'HEAD'), remote.git('rev-parse', 'main')]
  const log = join(here.root, '.git', 'logs', 'refs', 'heads', 'main')
  appendFileSync(log, `${head} ${tip} A <a@example.org> 1700000000 +0000\tintegrate: ${tip}\n`)
  const { daemon } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(here.git('rev-parse', 'HEAD')).toBe(tip)
})

test('what was taken out of the remote by force is not pushed there again', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here)
  here.write('secret.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  replaceFrom(there, ['other.md'])
  here.write('a.md', 'more\n')
  await until('the pause', async () => ((await daemon.sync(null)).problem ?? '').includes('rewritten there'))
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md\nother.md')
})

test('who settles rewritten history with git alone is not asked for a word any more', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  here.git('push', '-q', '--force')
  await until('its end', () => told.some((line) => line.startsWith('resumed: rewritten')))
  here.write('a.md', 'c\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('log', '-1', '--format=%s', 'main~1')).toBe('in my own words')
})

test('a word about history that has moved on replaces nothing, and the next one is about what is there now', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here, ['pull.interval=1h'])
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  const isAsked = async (): Promise<boolean> => JSON.stringify(await daemon.sync(null)).includes('--replace-remote')
  await until('the pause', isAsked)
  pushFrom(there, { 'theirs.md': 'theirs\n' })
  const theirs = remote.git('rev-parse', 'main')
  const say = (word: Readonly<Record<string, string>> = {}) =>
    ask(join(here.root, '.git', 'workspace-sync'), 'sync', { paths: null, replaceRemote: true, ...word })
  expect(await say()).toMatchObject({ ok: false, problem: expect.stringContaining('moved on') })
  expect(remote.git('rev-parse', 'main')).toBe(theirs)
  await until('it is asked anew', isAsked)
  expect(await say({ discard: theirs.slice(0, 10) })).toMatchObject({ ok: true })
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
})

test('a branch that was deleted on the remote is not made there again, but on a word', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toBeNull()
  remote.git('update-ref', '-d', 'refs/heads/main')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  here.write('b.md', 'b\n')
  await until('the commit', () => here.git('ls-tree', '--name-only', 'HEAD').includes('b.md'))
  expect((await daemon.sync(null)).problem).toContain('was deleted there')
  expect(remote.git('for-each-ref', 'refs/heads')).toBe('')
  const answer = await ask(join(here.root, '.git', 'workspace-sync'), 'sync', { paths: null, replaceRemote: true })
  expect(answer).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md\nb.md')
  await until('its end', () => told.some((line) => line.startsWith('resumed: rewritten')))
})

test('who makes a deleted branch there again with git alone is not asked for a word any more', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toBeNull()
  remote.git('update-ref', '-d', 'refs/heads/main')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  there.git('push', '-q', 'origin', 'main')
  await until('its end', () => told.some((line) => line.startsWith('resumed: rewritten')))
  here.write('b.md', 'b\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
})

test('what was taken out of the remote by going back is not pushed there again', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('secret.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  remote.git('update-ref', 'refs/heads/main', 'main~1')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  here.write('a.md', 'more\n')
  await until('the commit', () => here.git('show', 'HEAD:a.md') === 'more')
  expect((await daemon.sync(null)).problem).toContain('rewritten there')
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md')
  const [, onto = '', lost = ''] = /git rebase --autostash --onto (\w+) (\w+)/.exec(told.join('\n')) ?? []
  await until('nobody holds the index', () => !existsSync(join(here.root, '.git', 'index.lock')))
  here.git('rebase', '-q', '--autostash', '--onto', onto, lost)
  await until('its end', async () => (await daemon.sync(null)).problem === null)
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md')
  expect(remote.git('show', 'main:a.md')).toBe('more')
})

test('somebody who keeps both histories has the last word, also when the remote goes on meanwhile', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  replaceFrom(there, ['other.md'])
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  const [, merge = ''] = /git merge (\w+)/.exec(told.join('\n')) ?? []
  here.git('merge', '-q', '--no-edit', merge)
  await until('its end', async () => (await daemon.sync(null)).problem === null)
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md\nb.md\nother.md')
  pushFrom(there, { 'third.md': 'd\n' })
  await until('the rest', () => here.git('ls-tree', '--name-only', 'HEAD').includes('third.md'))
})

test('a branch that lacks what the remote took out takes the remote’s next commits as ever', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const first = await startMachine(here)
  here.write('b.md', 'b\n')
  expect((await first.daemon.sync(null)).problem).toBeNull()
  await first.stop()
  replaceFrom(there, ['one.md', 'two.md'])
  // Theirs but for the last, and a commit of our own on it.
  here.git('fetch', '-q')
  here.git('reset', '-q', '--keep', 'origin/main~1')
  const { daemon } = await startMachine(here)
  here.write('own.md', 'own\n')
  await until('both', async () => (await daemon.sync(null)).problem === null)
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md\none.md\nown.md\ntwo.md')
})

test('what this branch never had is not thrown away with a replaced history, but by its name', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  await daemon.sync(null)
  pushFrom(there, { 'precious.md': 'theirs\n' })
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  const isAsked = async (): Promise<boolean> => JSON.stringify(await daemon.sync(null)).includes('a commit (')
  await until('the pause', isAsked)
  const theirs = remote.git('rev-parse', 'main')
  const say = (discard?: string) =>
    ask(join(here.root, '.git', 'workspace-sync'), 'sync', {
      paths: null,
      replaceRemote: true,
      ...(discard === undefined ? {} : { discard }),
    })
  expect(await say()).toMatchObject({ ok: false, problem: expect.stringContaining('"made elsewhere"') })
  expect(await say('0000000')).toMatchObject({
    ok: false,
    remedy: expect.stringContaining(`--discard ${theirs.slice(0, 10)}`),
  })
  expect(remote.git('rev-parse', 'main')).toBe(theirs)
  expect(await say(theirs.slice(0, 10))).toMatchObject({ ok: true })
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
  expect(here.git('rev-parse', `refs/workspace-sync/replaced/${theirs}`)).toBe(theirs)
})

test('what came in by one pull over several commits was here, every one of them', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  for (const file of ['one.md', 'two.md', 'three.md']) pushFrom(there, { [file]: 'theirs\n' })
  here.git('pull', '-q')
  here.git('reset', '-q', '--hard', 'HEAD~3')
  here.write('own.md', 'own\n')
  const { daemon } = await startMachine(here)
  await until('the pause', async () => JSON.stringify(await daemon.sync(null)).includes('--replace-remote'))
  const answer = await ask(join(here.root, '.git', 'workspace-sync'), 'sync', { paths: null, replaceRemote: true })
  expect(answer).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md\nown.md')
})

test('the remote’s history is taken over by the command that the pause names', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  const [, tip = ''] = /git reset --keep (\w+)/.exec(told.join('\n')) ?? []
  here.git('reset', '-q', '--keep', tip)
  await until('its end', () => told.some((line) => line.startsWith('resumed: rewritten')))
  here.write('c.md', 'c\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('log', '--format=%s', 'main')).not.toContain('in my own words')
})
