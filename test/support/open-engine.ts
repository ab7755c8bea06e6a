import { afterAll, beforeAll, describe, expect } from 'vitest'
import { openRepository } from '../../src/git/git.ts'
import type { CommitJournal, GitEngine, JournalEntry, OpenOptions } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import type { CommitOutcome, CommitPlan, PathBytes, PlanEntry } from '../../src/types.ts'
import { gitEnvironment } from './temp-repo.ts'
import type { TempRepo } from './temp-repo.ts'

/** A journal in memory; `entry` is what a crash would leave behind. */
export function memoryJournal(): CommitJournal & { entry: JournalEntry | null; writes: number } {
  const journal = {
    entry: null as JournalEntry | null,
    writes: 0,
    write: (entry: JournalEntry | null) => {
      journal.entry = entry
      journal.writes += 1
    },
  }
  return journal
}

/** Both are held to the same tests, wherever the repository is one for both. */
type EngineName = GitEngine['name']

/** Whose turn it is. */
let turn: EngineName = 'native'

/** Runs these tests with each engine: `openEngine` opens the one whose turn it is. */
export function eachEngine(define: (name: EngineName) => void): void {
  describe.each(['native', 'embedded'] as const)('%s', (name) => {
    beforeAll(() => {
      turn = name
    })
    afterAll(() => {
      turn = 'native'
    })
    define(name)
  })
}

/** Node 20 runs no TypeScript in a thread. */
const transferEntry = new URL('../../dist/git/embedded/transfer-worker.js', import.meta.url)

export async function openEngine(repo: TempRepo, options: Partial<OpenOptions> = {}): Promise<GitEngine> {
  const engine = await openRepository(repo.root, {
    environment: gitEnvironment,
    engine: turn,
    transferEntry,
    ...options,
  })
  expect(engine.name).toBe(options.engine ?? turn)
  return engine
}

let lastId = 0

/** Commits these paths as they lie on disk now, the way evidence and plan would, and waits for the index. */
export async function commitPaths(
  engine: GitEngine,
  paths: readonly (string | PathBytes)[],
  options: {
    readonly journal?: CommitJournal
    readonly message?: CommitPlan['message']
    readonly kind?: 'file' | 'link'
  } = {},
): Promise<CommitOutcome> {
  const head = await engine.head()
  const names = paths.map((path) => pathBytes(path))
  const entries = await entriesOf(engine, names, options.kind ?? 'file')
  lastId += 1
  const id = `test-${lastId}`
  const message = options.message ?? `sync: test\n\nWorkspace-Sync-Id: ${id}\n`
  const plan = { id, ref: head.ref ?? '', base: head.oid, entries, message }
  const outcome = await engine.commit(plan, options.journal ?? memoryJournal())
  await engine.settled()
  return outcome
}

/** Blobs of what lies at these paths; a path with nothing there becomes a deletion. */
export async function entriesOf(
  engine: GitEngine,
  paths: readonly PathBytes[],
  kind: 'file' | 'link',
): Promise<readonly PlanEntry[]> {
  const oids = await engine.writeBlobs(paths.map((path) => ({ path, kind })))
  return paths.map((path) => {
    const oid = oids.get(path)
    if (typeof oid !== 'string') return { path, mode: null, oid: null }
    return { path, mode: kind === 'link' ? '120000' : '100644', oid }
  })
}
