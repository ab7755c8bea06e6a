import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createBoard, dealtMark, type Board, type Parts } from '../../src/daemon/board.ts'
import { endBringing, findBrought, isBrought } from '../../src/daemon/brought.ts'
import type { State } from '../../src/daemon/state-schema.ts'
import { createEvidence, readEntry } from '../../src/evidence/evidence.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { memoryState } from '../support/memory-state.ts'
import { eachEngine, openEngine } from '../support/open-engine.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'
import { makeRepo, openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const ref = 'refs/heads/main'

/** A commit of somebody else's, not on any branch here, made from what lies in the work tree. */
function theirsOf(repo: TempRepo, change: () => void): string {
  repo.git('switch', '-q', '--detach')
  change()
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'theirs')
  const oid = repo.git('rev-parse', 'HEAD')
  repo.git('switch', '-q', 'main')
  return oid
}

async function here(repo: TempRepo, bringing: State['bringing']): Promise<{ parts: Parts; board: Board }> {
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  const state = memoryState({ bringing })
  const config = { guard: { maxFileSizeBytes: 1024 }, pull: { enabled: true } }
  const evidence = createEvidence(engine, systemClock)
  const parts = { engine, evidence, state, config, pushAllowed: true } as unknown as Parts
  const board = createBoard(await engine.head(), { lastCommit: null, lastPush: null, deletedBefore: [] })
  board.following = 'origin'
  return { parts, board }
}

const markOf = async ({ engine }: Parts, board: Board, name: string): Promise<string> => {
  const path = pathBytes(name)
  const entry = readEntry(engine.repository.root, path)
  const base = (await engine.entriesAt(board.head.oid, [path])).get(path) ?? null
  return dealtMark(entry?.kind === 'directory' ? null : entry, base)
}

eachEngine(() => {
  test('of what a crash left placed, only what lies there as it was placed is the remote’s', async () => {
    const same = ['changed', 'gone', 'late', 'edited', 'staged', 'run.sh', 'to-directory', 'to-file/deep']
    const repo = makeRepo(Object.fromEntries(same.map((name) => [name, '1\n'])))
    onTestFinished(() => repo.dispose())
    const placeAll = (): void => {
      for (const name of ['changed', 'edited', 'staged', 'new']) repo.write(name, '2\n')
      for (const name of ['gone', 'to-directory', 'to-file']) rmSync(join(repo.root, name), { recursive: true })
      chmodSync(join(repo.root, 'run.sh'), 0o755)
      repo.write('to-directory/deep', '2\n')
      repo.write('to-file', '2\n')
    }
    const base = repo.git('rev-parse', 'HEAD')
    const commit = theirsOf(repo, () => {
      placeAll()
      repo.write('late', '2\n')
    })
    placeAll()
    repo.write('edited', '2\nand mine\n')
    repo.git('add', 'staged')
    const { parts, board } = await here(repo, { ref, base, commit })
    await findBrought(parts, board)
    const placed = ['changed', 'gone', 'new', 'run.sh', 'to-directory', 'to-directory/deep', 'to-file', 'to-file/deep']
    expect([...(board.brought?.marks.keys() ?? [])].toSorted()).toEqual(placed)
    const isTheirs = async (name: string): Promise<boolean> =>
      isBrought(parts, board, pathBytes(name), await markOf(parts, board, name))
    for (const name of placed) expect(await isTheirs(name), name).toBe(true)
    for (const name of ['late', 'edited', 'staged']) expect(await isTheirs(name), name).toBe(false)
    repo.write('changed', '3\n')
    expect(await isTheirs('changed')).toBe(false)
    // Where nothing is pulled any more nobody would ever bring it in.
    board.following = null
    expect(await isTheirs('new')).toBe(false)
    board.following = 'origin'
    board.head = { ref: 'refs/heads/other', oid: base }
    expect(await isTheirs('new')).toBe(false)
    endBringing(parts, board, 'refs/heads/other')
    expect(parts.state.value.bringing).not.toBeNull()
    endBringing(parts, board, ref)
    expect([board.brought, parts.state.value.bringing]).toEqual([null, null])
  })

  test('a commit that git has thrown away, and one of which nothing was placed, leave nothing to remember', async () => {
    const repo = makeRepo({ a: '1\n' })
    onTestFinished(() => repo.dispose())
    const base = repo.git('rev-parse', 'HEAD')
    repo.write('a', '2\n')
    for (const commit of ['1'.repeat(40), base]) {
      const { parts, board } = await here(repo, { ref, base, commit })
      await findBrought(parts, board)
      expect([board.brought, parts.state.value.bringing]).toEqual([null, null])
    }
  })
})

/** What a daemon leaves that is killed after it placed what it was to place. */
async function crashed(repo: TempRepo, commit: string, place: () => void): Promise<string> {
  const base = repo.git('rev-parse', 'HEAD')
  const before = await startMachine(repo)
  await before.stop()
  const file = join(repo.root, '.git', 'workspace-sync', 'state.json')
  const state = JSON.parse(readFileSync(file, 'utf8')) as State
  writeFileSync(file, JSON.stringify({ ...state, bringing: { ref, base, commit } }))
  place()
  return file
}

test.concurrent('what was placed and comes no more is a change like any other', async () => {
  const { here: repo, remote } = makeMachines({ 'a.md': '1\n' })
  const place = (): void => repo.write('a.md', '2\n')
  const file = await crashed(repo, theirsOf(repo, place), place)
  const { told } = await startMachine(repo)
  await until('it is on the remote', () => remote.show('main:a.md') === '2\n', 20_000)
  expect(told.join('\n')).toContain('a crash interrupted a pull')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ bringing: null })
})

test.concurrent('a directory that was placed where a file was is no conflict', async () => {
  const { here: repo, there } = makeMachines({ a: '1\n', b: '1\n' })
  const place = (): void => {
    rmSync(join(repo.root, 'a'))
    repo.write('a/deep', '2\n')
  }
  const commit = theirsOf(repo, place)
  repo.git('push', '-q', 'origin', `${commit}:main`)
  const remote = openRepoAt(join(there.root, '..', 'remote.git'))
  renameSync(remote.root, `${remote.root}.away`)
  await crashed(repo, commit, place)
  repo.write('b', 'mine\n')
  const { told } = await startMachine(repo)
  await until('an edit is committed', () => repo.git('log', '-1', '--format=', '--name-only') === 'b', 20_000)
  renameSync(`${remote.root}.away`, remote.root)
  const isBroughtIn = (): boolean => repo.git('rev-list', '--count', `HEAD..${commit}`) === '0'
  await until('all is brought in', () => isBroughtIn() && repo.git('status', '--porcelain') === '', 20_000)
  expect(repo.git('diff', '--name-only', commit)).toBe('b')
  expect(told.filter((line) => /conflict|in the way|left as it is/.test(line))).toEqual([])
})
