import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemDisk } from '../../src/git/disk.ts'
import type { Disk } from '../../src/git/disk.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine
const conflictRef = 'refs/workspace-sync/conflicts/here/one'

beforeEach(async () => {
  repo = makeRepo({ f: '0\n' })
  engine = await openEngine(repo, { engine: 'embedded', deadlines: { lockMs: 50 } })
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const there = (name: string): boolean => existsSync(join(repo.root, '.git', name))
const tokens = (): readonly string[] => readdirSync(join(repo.root, '.git/workspace-sync/ref-tokens'))
/** A file system on which a file has one name. */
const oneName = (): never => {
  throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' })
}

async function reopen(disk: Disk): Promise<void> {
  await engine.close()
  engine = await openEngine(repo, { engine: 'embedded', disk, deadlines: { lockMs: 50 } })
}

/** The process ends just after this call's effect. */
function endingAfter(method: 'link' | 'create' | 'rename', path: RegExp, more: Partial<Disk> = {}): Disk {
  let isOver = false
  const calls = Object.entries({ ...systemDisk, ...more }).map(
    ([name, act]: [string, (...args: never[]) => unknown]): readonly [string, (...args: never[]) => unknown] => [
      name,
      (...args) => {
        if (isOver) throw new Error('after the end')
        const answer = act(...args)
        isOver = name === method && args.some((arg) => path.test(String(arg)))
        return answer
      },
    ],
  )
  return Object.fromEntries(calls) as unknown as Disk
}

test.each([
  ['a lock', endingAfter('link', /one\.lock$/)],
  ['a lock where files have one name only', endingAfter('create', /one\.lock$/, { link: oneName })],
  ['a lock, and the ref moved', endingAfter('rename', /conflicts\/here\/one$/)],
])('%s of whichever ref that a crash leaves is taken away at the next start', async (_what, disk) => {
  await reopen(disk)
  const head = repo.git('rev-parse', 'HEAD')
  await expect(engine.merging.pointRef(conflictRef, head)).rejects.toThrow('after the end')
  expect(there(`${conflictRef}.lock`)).toBe(true)
  await reopen(systemDisk)
  await engine.recover(null, memoryJournal())
  expect(there(`${conflictRef}.lock`)).toBe(false)
  expect(tokens()).toEqual([])
  repo.git('update-ref', conflictRef, 'HEAD')
})

test('it is taken away by the next move of another ref, too', async () => {
  await reopen(endingAfter('link', /one\.lock$/))
  await expect(engine.merging.pointRef(conflictRef, repo.git('rev-parse', 'HEAD'))).rejects.toThrow('after the end')
  await reopen(systemDisk)
  repo.write('f', '1\n')
  expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
  expect(there(`${conflictRef}.lock`)).toBe(false)
})

test('a lock of somebody else where ours was is left there', async () => {
  await reopen(endingAfter('link', /one\.lock$/))
  await expect(engine.merging.pointRef(conflictRef, repo.git('rev-parse', 'HEAD'))).rejects.toThrow('after the end')
  rmSync(join(repo.root, '.git', `${conflictRef}.lock`))
  writeFileSync(join(repo.root, '.git', `${conflictRef}.lock`), '')
  await reopen(systemDisk)
  await engine.recover(null, memoryJournal())
  expect(there(`${conflictRef}.lock`)).toBe(true)
  expect(tokens()).toEqual([])
})

test('who waits for a lock is not given the value of a move that was made meanwhile', async () => {
  const [first, lock] = [repo.git('rev-parse', 'HEAD'), join(repo.root, '.git', `${conflictRef}.lock`)]
  await engine.close()
  engine = await openEngine(repo, { engine: 'embedded' })
  mkdirSync(join(lock, '..'), { recursive: true })
  writeFileSync(lock, '')
  const waiting = engine.merging.pointRef(conflictRef, first)
  repo.write('f', '1\n')
  expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
  rmSync(lock)
  expect(await waiting).toBeNull()
  expect(repo.git('rev-parse', conflictRef)).toBe(first)
  expect(tokens()).toEqual([])
})

test('empty directories where the branch or its log belongs make room, as with git', async () => {
  repo.git('pack-refs', '--all')
  mkdirSync(join(repo.root, '.git/refs/heads/main/x'), { recursive: true })
  rmSync(join(repo.root, '.git/logs/refs/heads/main'))
  mkdirSync(join(repo.root, '.git/logs/refs/heads/main/x/y'), { recursive: true })
  repo.write('f', '1\n')
  expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
  expect(repo.git('log', '-g', '--format=%gs', 'main')).toBe('commit: sync: test')
})

test('no ref is made where another one is in the way, packed or not, above or below', async () => {
  const oid = repo.git('rev-parse', 'HEAD')
  repo.git('branch', 'a/b')
  repo.git('branch', 'c')
  repo.git('pack-refs', '--all')
  for (const ref of ['refs/heads/a', 'refs/heads/c/d'])
    expect(await engine.merging.pointRef(ref, oid)).toMatchObject({
      detail: expect.stringContaining('is there, so that'),
    })
  repo.git('branch', 'e/f')
  expect(await engine.merging.pointRef('refs/heads/e', oid)).not.toBeNull()
  expect(repo.git('for-each-ref', '--format=%(refname:short)').split('\n')).toEqual(['a/b', 'c', 'e/f', 'main'])
  repo.git('update-ref', 'refs/heads/a/b', oid)
})

test('a ref that is a link to another one is not replaced', async () => {
  repo.git('branch', 'real')
  rmSync(join(repo.root, '.git/refs/heads/real'))
  symlinkSync('main', join(repo.root, '.git/refs/heads/real'))
  const made = repo.git('commit-tree', '-p', 'HEAD', '-m', 'next', 'HEAD^{tree}')
  expect(await engine.merging.pointRef('refs/heads/real', made)).toMatchObject({ name: 'locked' })
  expect(systemDisk.identify(join(repo.root, '.git/refs/heads/real'))?.kind).toBe('link')
})
