import { cpSync, readdirSync, rmSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import type { CommitPlan } from '../../src/types.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { Crash, failingCalls } from '../support/failing-calls.ts'
import type { FaultMode } from '../support/failing-calls.ts'
import { eachEngine, entriesOf, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo, openRepoAt, tempDirectory } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

const ours = ['changed', 'created', 'deleted'].map((name) => pathBytes(name))
/** What the user staged, with the blobs; and what the commits hold. Each costs one start of git. */
const staging = (repo: TempRepo): string => repo.git('diff', '--cached', '--raw', '--no-abbrev')
const commits = (repo: TempRepo): string => repo.git('log', '--format=format:a commit', '--name-status')
let stagedByUser: string
let commitsBefore: string
let commitsAfter: string
let template: TempRepo
let scratch: ReturnType<typeof tempDirectory>

beforeAll(() => {
  template = makeRepo({ changed: '1\n', deleted: '1\n', 'user-staged': '1\n', 'user-removed': '1\n' })
  template.write('user-staged', '2\n')
  template.write('user-new', '2\n')
  template.git('add', 'user-staged', 'user-new')
  template.write('user-staged', '3\n')
  template.git('rm', '-q', '--cached', 'user-removed')
  template.write('changed', '2\n')
  template.write('created', '2\n')
  unlinkSync(join(template.root, 'deleted'))
  // It is copied a hundred times, and git's samples are half of it.
  rmSync(join(template.root, '.git', 'hooks'), { recursive: true })
  stagedByUser = staging(template)
  expect(stagedByUser.match(/\w\t.*/g)).toEqual(['A\tuser-new', 'D\tuser-removed', 'M\tuser-staged'])
  commitsBefore = commits(template)
  commitsAfter = `a commit\nM\tchanged\nA\tcreated\nD\tdeleted\n\n${commitsBefore}`
  scratch = tempDirectory()
})

afterAll(() => {
  template.dispose()
  scratch.dispose()
})

async function planFor(engine: GitEngine): Promise<CommitPlan> {
  const head = await engine.head()
  const entries = await entriesOf(engine, ours, 'file')
  return { id: 'one', ref: 'refs/heads/main', base: head.oid, entries, message: 'sync: one\n' }
}

/** One commit with the Nth outside call going wrong. The number of calls tells when there is no Nth. */
async function commitWithFault(repo: TempRepo, failAt: number, mode: FaultMode, shipmentMin: number) {
  const faults = failingCalls(failAt, mode)
  const journal = memoryJournal()
  const { disk, wrapGit } = faults
  const engine = await openEngine(repo, { disk, wrapGit, shipmentMin, deadlines: { lockMs: 50 } })
  const isShipped = shipmentMin === 1
  try {
    if (isShipped) faults.arm()
    const plan = await planFor(engine)
    faults.arm()
    await engine.commit(plan, faults.journal(journal))
    await engine.settled()
  } catch (error) {
    // Where blobs are written a full disk is nothing that a commit could tell.
    if (!(error instanceof Crash) && !(isShipped && /no space/i.test(String(error)))) throw error
  }
  await engine.close().catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error
  })
  return { journal, calls: faults.calls }
}

function locksOf(repo: TempRepo): readonly string[] {
  const files = readdirSync(join(repo.root, '.git'), { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.lock') || /index-copy|tmp_/.test(file))
}

function expectStaging(repo: TempRepo): void {
  expect(locksOf(repo)).toEqual([])
  expect(staging(repo)).toBe(stagedByUser)
}

// Ending before a call is ending after the one before it.
eachEngine((name) => {
  for (const [mode, shipmentMin] of [
    ['fail', 100],
    ['after', 100],
    // As a commit of many files is made.
    ['fail', 1],
    ['after', 1],
  ] as const) {
    // Objects go one by one where git does not pack them.
    if (name === 'embedded' && shipmentMin === 1) continue
    const what = mode === 'fail' ? 'fails' : 'is the last thing the process did'
    const how = shipmentMin === 1 ? ', objects being shipped' : ''
    test.concurrent(
      `whichever outside call ${what}${how}: nothing is lost, nothing is done twice`,
      { timeout: 180_000 },
      async () => {
        for (let failAt = 1; ; failAt += 1) {
          const root = join(scratch.path, `${name}-${mode}-${shipmentMin}-${failAt}`)
          cpSync(template.root, root, { recursive: true })
          const repo = openRepoAt(root)
          const { journal, calls } = await commitWithFault(repo, failAt, mode, shipmentMin)
          if (calls.length < failAt) {
            expect(failAt).toBeGreaterThan(20)
            return
          }
          // From here on a commit of many is as every other.
          if (shipmentMin === 1 && calls[failAt - 1] === 'git commit-tree') return
          const where = `call ${failAt}: ${calls[failAt - 1] ?? ''}`
          const engine = await openEngine(repo)
          const recovery = await engine.recover(journal.entry, journal)
          expect(recovery.failure, where).toBeNull()
          expect(journal.entry, where).toBeNull()
          expect(locksOf(repo), where).toEqual([])
          const isDone = commits(repo) !== commitsBefore
          if (recovery.committed !== null) expect(isDone, where).toBe(true)
          if (isDone) expectStaging(repo)
          const again = await engine.commit(await planFor(engine), journal)
          expect(again.kind, where).toBe(isDone ? 'empty' : 'committed')
          expect(await engine.settled(), where).toBeNull()
          await engine.close()
          expect(commits(repo), where).toBe(commitsAfter)
          expectStaging(repo)
          repo.git('fsck', '--strict')
        }
      },
    )
  }
})
