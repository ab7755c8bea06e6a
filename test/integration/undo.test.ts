import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { eachEngine } from '../support/open-engine.ts'
import { undoPlace, type UndoPlace } from '../support/undo-place.ts'

const clean = (repo: TempRepo): string => repo.git('status', '--porcelain')

eachEngine(() => {
  test('what a commit edited, added, deleted and renamed goes back, by a commit with trailers', async () => {
    const {
      repo,
      commit,
      undo: take,
      read,
    } = await undoPlace({ edited: 'old\n', gone: 'gone\n', name: 'content of it\n', 'd/x': 'x\n' })
    repo.write('edited', 'new\n')
    repo.write('deep/er/added', 'added\n')
    repo.git('rm', '-q', 'gone')
    repo.git('mv', 'name', 'renamed')
    const target = commit()
    const answer = await take()
    expect(answer).toMatchObject({ kind: 'undone', undoes: target, kept: [] })
    expect([read('edited'), read('gone'), read('name'), read('renamed')]).toEqual([
      'old\n',
      'gone\n',
      'content of it\n',
      null,
    ])
    expect(existsSync(join(repo.root, 'deep'))).toBe(false)
    expect(clean(repo)).toBe('')
    expect(repo.git('diff', '--name-only', 'HEAD~2', 'HEAD')).toBe('')
    expect(repo.git('log', '-1', '--format=%s|%(trailers:key=Workspace-Sync-Undoes,valueonly)')).toContain(target)
    expect(repo.git('log', '-1', '--format=%(trailers:key=Workspace-Sync-Id,valueonly)')).toMatch(/undo-/)
  })

  test('an undo of an undo brings it back, and again', async () => {
    const { repo, commit, undo: take, read } = await undoPlace({ a: 'one\n' })
    repo.write('a', 'two\n')
    commit()
    for (const expected of ['one\n', 'two\n', 'one\n']) {
      expect(await take()).toMatchObject({ kind: 'undone' })
      expect(read('a')).toBe(expected)
    }
    expect(clean(repo)).toBe('')
  })

  test('a file that became a directory comes back, and the other way round', async () => {
    const { repo, commit, undo: take, read } = await undoPlace({ one: 'file\n', 'two/in': 'in\n' })
    rmSync(join(repo.root, 'one'))
    repo.write('one/below', 'below\n')
    rmSync(join(repo.root, 'two'), { recursive: true })
    repo.write('two', 'file now\n')
    commit()
    expect(await take()).toMatchObject({ kind: 'undone', kept: [] })
    expect([read('one'), read('two/in')]).toEqual(['file\n', 'in\n'])
    expect(clean(repo)).toBe('')
  })

  test.each([
    [
      'edited and not committed',
      (at: UndoPlace) => at.repo.write('a', 'newer\n'),
      /a has changes that are not committed/,
    ],
    [
      'deleted and not committed',
      (at: UndoPlace) => rmSync(join(at.repo.root, 'a')),
      /a has changes that are not committed/,
    ],
    [
      'staged',
      (at: UndoPlace) => {
        at.repo.write('a', 'newer\n')
        at.repo.git('add', 'a')
      },
      /a is staged/,
    ],
    [
      'committed by a person',
      (at: UndoPlace) => {
        at.repo.write('a', 'newer\n')
        at.repo.git('commit', '-q', '-am', 'mine')
      },
      /a was committed again since/,
    ],
    [
      'a directory with something else in it',
      (at: UndoPlace) => {
        rmSync(join(at.repo.root, 'a'))
        mkdirSync(join(at.repo.root, 'a'))
        at.repo.write('a/mine', 'mine\n')
      },
      /a is a directory now/,
    ],
  ] as const)('newer work is never overwritten: %s', async (_, change, reason) => {
    const at = await undoPlace({ a: 'one\n', b: 'one\n' })
    at.repo.write('a', 'two\n')
    at.repo.write('b', 'two\n')
    at.commit()
    change(at)
    const [head, state] = [at.repo.git('rev-parse', 'HEAD'), clean(at.repo)]
    const answer = await at.undo()
    expect(answer).toMatchObject({ kind: 'refused' })
    expect(answer.kind === 'refused' ? answer.problem : '').toMatch(reason)
    expect([at.repo.git('rev-parse', 'HEAD'), clean(at.repo)]).toEqual([head, state])
    expect(at.read('b')).toBe('two\n')
  })

  test('staged hunks of other files and commits of others in between stay as they are', async () => {
    const { repo, commit, undo: take, read } = await undoPlace({ a: 'one\n', mine: 'one\n' })
    repo.write('a', 'two\n')
    const target = commit()
    repo.write('theirs', 'x\n')
    repo.git('add', 'theirs')
    repo.git('commit', '-q', '-m', 'by hand')
    repo.write('mine', 'staged\n')
    repo.git('add', 'mine')
    repo.write('mine', 'not staged\n')
    expect(await take(target.slice(0, 8))).toMatchObject({ kind: 'undone', undoes: target })
    expect([read('a'), read('theirs'), read('mine')]).toEqual(['one\n', 'x\n', 'not staged\n'])
    expect(clean(repo)).toBe('MM mine')
  })

  test('what is no automatic commit is refused with what to do instead', async () => {
    const { repo, commit, undo: take } = await undoPlace({ a: 'one\n' })
    expect(await take()).toMatchObject({ kind: 'refused', problem: 'there is no automatic commit to undo' })
    expect(await take('HEAD')).toMatchObject({
      kind: 'refused',
      hint: expect.stringContaining('git revert ') as string,
    })
    expect(await take('nonsense')).toMatchObject({ kind: 'refused', isUsage: true })
    expect(await take('--all')).toMatchObject({ kind: 'refused', isUsage: true })
    repo.git('checkout', '-q', '-b', 'side')
    repo.write('side', 'x\n')
    const elsewhere = commit()
    repo.git('checkout', '-q', 'main')
    expect(await take(elsewhere)).toMatchObject({ problem: expect.stringContaining('is not in this branch') as string })
    repo.write('b', 'b\n')
    commit()
    repo.git('merge', '-q', '--no-ff', '-m', 'merge', 'side')
    expect(await take('HEAD')).toMatchObject({ hint: expect.stringContaining('git revert -m 1') as string })
  })

  test('what is undone already is not undone twice', async () => {
    const { repo, commit, undo: take } = await undoPlace({ a: 'one\n' })
    repo.write('a', 'two\n')
    const target = commit()
    await take(target)
    expect(await take(target)).toMatchObject({ problem: expect.stringContaining('is undone already') as string })
  })

  test('the first commit of all has nothing before it', async () => {
    const { repo, commit, undo: take } = await undoPlace({})
    repo.write('a', 'one\n')
    commit()
    expect(await take()).toMatchObject({ problem: expect.stringContaining('is the first commit') as string })
  })

  test('asked only what it would do, it does nothing', async () => {
    const { repo, commit, undo: take, read } = await undoPlace({ a: 'one\n' })
    repo.write('a', 'two\n')
    const target = commit()
    const answer = await take(null, true)
    expect(answer).toMatchObject({
      commit: null,
      undoes: target,
      paths: [{ path: pathBytes('a'), change: 'restored' }],
    })
    expect([read('a'), repo.git('rev-parse', 'HEAD')]).toEqual(['two\n', target])
  })

  test('during a merge, and with a detached HEAD, it waits for a person', async () => {
    const { repo, commit, undo: take } = await undoPlace({ a: 'one\n' })
    repo.write('a', 'two\n')
    commit()
    repo.git('checkout', '-q', '--detach')
    expect(await take()).toMatchObject({ kind: 'refused' })
    repo.git('checkout', '-q', 'main')
    repo.write('.git/MERGE_HEAD', `${repo.git('rev-parse', 'HEAD')}\n`)
    expect(await take()).toMatchObject({ kind: 'refused', problem: expect.stringMatching(/merge/) as string })
  })

  test('nothing is written through a link that took the place of a directory', async () => {
    const { repo, commit, undo: take } = await undoPlace({ 'd/a': 'one\n', keep: 'x\n' })
    rmSync(join(repo.root, 'd'), { recursive: true })
    commit()
    const outside = `${repo.root}-outside`
    mkdirSync(outside)
    symlinkSync(outside, join(repo.root, 'd'))
    const answer = await take()
    expect(existsSync(join(outside, 'a'))).toBe(false)
    expect(lstatSync(join(repo.root, 'd')).isSymbolicLink()).toBe(true)
    expect(answer.kind === 'refused' || answer.kept.length === 1).toBe(true)
  })
})

test('modes, links, binaries, filters and odd names go back as git would put them there', async () => {
  const {
    repo,
    commit,
    undo: take,
    read,
  } = await undoPlace({ script: '#!/bin/sh\n', 'crlf.txt': 'a\r\n', '.gitattributes': '*.txt text eol=crlf\n' })
  const at = (name: string): string => join(repo.root, name)
  symlinkSync('script', at('link'))
  repo.write('bin', Buffer.from([0, 255, 10, 13]))
  repo.write('caf\u00e9 "x"\n.md', 'odd\n')
  commit()
  chmodSync(at('script'), 0o755)
  rmSync(at('link'))
  symlinkSync('elsewhere', at('link'))
  repo.write('bin', Buffer.from([1]))
  repo.write('crlf.txt', 'b\r\n')
  rmSync(at('caf\u00e9 "x"\n.md'))
  commit()
  expect(await take()).toMatchObject({ kind: 'undone', kept: [] })
  expect(statSync(at('script')).mode & 0o100).toBe(0)
  expect(readlinkSync(at('link'))).toBe('script')
  expect([...readFileSync(at('bin'))]).toEqual([0, 255, 10, 13])
  expect(read('crlf.txt')).toBe('a\r\n')
  expect(read('caf\u00e9 "x"\n.md')).toBe('odd\n')
  expect(clean(repo)).toBe('')
})
