import { errnoOf, SyncError } from '../errors.ts'
import type { CommitOutcome, CommitPlan, Failure, HeldPath, Oid, PlanEntry } from '../types.ts'
import { failureOfErrno } from './failures.ts'
import { readHead, readRef } from './heads.ts'
import { askHooks } from './hooks.ts'
import type { CommitJournal, JournalEntry } from './journal-entry.ts'
import { recover } from './recovery.ts'
import type { CommitParts } from './commit-verbs.ts'
import { refreshIndex } from './refresh.ts'
import type { AdvanceOutcome, Merging } from './merge-engine.ts'
import { standing } from './standing.ts'
import type { Standing } from './standing.ts'
import type { Workbench } from './workbench.ts'

export interface Committer {
  commit(plan: CommitPlan, journal: CommitJournal, stillLies?: () => Promise<boolean>): Promise<CommitOutcome>
  settled(): Promise<Failure | null>
  advance: Merging['advance']
}

type Ended = Exclude<CommitOutcome, { kind: 'committed' }>
/** A commit that nobody sees yet, and what it was made on. */
interface Ready {
  readonly entry: JournalEntry
  readonly stood: Standing
  readonly message: string
  readonly leftOut: readonly HeldPath[]
}

type Step<T> = { readonly kind: 'next'; readonly value: T } | Ended

export function createCommitter(bench: Workbench, parts: CommitParts): Committer {
  const { lock } = parts
  /** The index refresh of the last commit. */
  let refreshing: Promise<Failure | null> = Promise.resolve(null)
  /** A commit whose refresh failed; it is finished before anything else is committed. */
  let unsettled: JournalEntry | null = null

  /**
   * `git switch --create` moves HEAD without the index's lock: on another branch the index belongs to that one, unless
   * that was made where ours is.
   */
  const follow = async (entry: JournalEntry): Promise<Failure | null> => {
    const { ref, oid } = await readHead(bench)
    return ref === entry.ref || oid === entry.commit ? refreshIndex(bench, parts, entry) : null
  }

  const settle = async (entry: JournalEntry, journal: CommitJournal): Promise<Failure | null> => {
    try {
      const failure = await follow(entry).finally(() => lock.release())
      if (failure !== null) return failure
      journal.write(null)
      unsettled = null
      return null
    } catch (error) {
      return failureOfError(error)
    }
  }

  /** null: the branch is on the entry's commit, and the index, locked until then, follows it. */
  const underLock = async <T>(entry: JournalEntry, journal: CommitJournal, act: () => Promise<T | null>) => {
    if (!(await lock.take())) return failed(lock.heldFailure)
    const ended = await act().catch((error: unknown) => {
      lock.release()
      throw error
    })
    if (ended === null) {
      unsettled = entry
      refreshing = settle(entry, journal)
    } else lock.release()
    return ended
  }

  const attempt = async (
    plan: CommitPlan,
    journal: CommitJournal,
    stillLies?: () => Promise<boolean>,
  ): Promise<CommitOutcome> => {
    const ready = await prepare(bench, parts, plan)
    if (ready.kind !== 'next') return ready
    const { entry, leftOut } = ready.value
    const made = ready.value
    const ended = await underLock(entry, journal, () => moveBranch(bench, parts, plan, made, journal, stillLies))
    return ended ?? { kind: 'committed', oid: entry.commit, paths: entry.paths, leftOut }
  }

  /** What the last commit left open is finished before anything else is begun. */
  const finish = async (journal: CommitJournal): Promise<Failure | null> => {
    await refreshing
    bench.disk.makeDirectory(bench.repository.stateDir)
    if (unsettled === null) return null
    const { failure } = await recover(bench, parts, unsettled, journal)
    if (failure === null) unsettled = null
    return failure
  }

  const move: Merging['advance'] = async ({ reason, ...entry }, journal, bring) => {
    const ended = await underLock(entry, journal, () => advanceLocked(bench, parts, entry, reason, journal, bring))
    return ended ?? { kind: 'advanced' }
  }

  const orFailed = async <T>(journal: CommitJournal, act: () => Promise<T>) => {
    try {
      const failure = await finish(journal)
      return failure === null ? await act() : failed(failure)
    } catch (error) {
      return failed(failureOfError(error))
    }
  }

  return {
    settled: () => refreshing,
    commit: (plan, journal, stillLies) => orFailed(journal, () => attempt(plan, journal, stillLies)),
    advance: (entry, journal, bring) => orFailed(journal, () => move(entry, journal, bring)),
  }
}

/**
 * The work tree first, then the branch: a crash between the two leaves files that the caller can put back, never a
 * branch that is ahead of its files. null: the branch is there.
 */
async function advanceLocked(
  bench: Workbench,
  parts: CommitParts,
  entry: JournalEntry,
  reason: string,
  journal: CommitJournal,
  bring: () => Promise<boolean>,
): Promise<Exclude<AdvanceOutcome, { kind: 'advanced' }> | null> {
  const plan: CommitPlan = { id: entry.id, ref: entry.ref, base: entry.base, entries: [], message: '' }
  if ((await standing(bench, parts, plan)) === null) return { kind: 'head-moved' }
  if (!(await bring())) return { kind: 'tree-moved' }
  if (!parts.lock.isOurs()) return { kind: 'head-moved' }
  journal.write(entry)
  return updateBranch(bench, parts, entry, reason, journal)
}

/** Everything that can be done without being seen: tree, hooks, commit object. */
async function prepare(bench: Workbench, parts: CommitParts, plan: CommitPlan): Promise<Step<Ready>> {
  const { trees, shadow, verbs } = parts
  const stood = await standing(bench, parts, plan)
  if (stood === null) return { kind: 'head-moved' }
  const { entries } = stood.fit
  if (entries.length === 0) return { kind: 'empty', leftOut: stood.fit.leftOut }
  const baseTree = plan.base === null ? null : await trees.treeOf(plan.base)
  const built = await shadow.build(baseTree, entries)
  if (built.kind === 'failed') return built
  const refused = built.isWhole ? [] : await refusedOf(parts, built.tree, entries)
  const leftOut = [...stood.fit.leftOut, ...refused]
  if (refused.length === entries.length || built.tree === baseTree) return { kind: 'empty', leftOut }
  const isRefused = new Set(refused.map(({ path }) => path))
  const left = entries.filter(({ path }) => !isRefused.has(path))
  const message = typeof plan.message === 'string' ? plan.message : plan.message(left)
  const asked = await askHooks(bench, shadow, built.tree, message)
  if (!('message' in asked)) return asked
  const made = await verbs.commitTree(built.tree, plan.base === null ? [] : [plan.base], asked.message)
  if (!('oid' in made)) return failed(made)
  const { id, ref, base } = plan
  const paths = left.map(({ path }) => path)
  return { kind: 'next', value: { entry: { id, ref, base, commit: made.oid, paths }, stood, message, leftOut } }
}

async function refusedOf(
  { trees, verbs }: CommitParts,
  tree: Oid,
  entries: readonly PlanEntry[],
): Promise<readonly HeldPath[]> {
  const there = await trees.entriesIn(
    tree,
    entries.map(({ path }) => path),
  )
  return entries
    .filter(
      ({ path, mode, oid }) =>
        there.get(path)?.mode !== (mode ?? undefined) || there.get(path)?.oid !== (oid ?? undefined),
    )
    .map(({ path }) => ({ path, reason: verbs.refusedName(path) }))
}

/** The commit point. null: the branch has the commit now. */
async function moveBranch(
  bench: Workbench,
  parts: CommitParts,
  plan: CommitPlan,
  { entry, stood, message }: Ready,
  journal: CommitJournal,
  stillLies: () => Promise<boolean> = () => Promise.resolve(true),
): Promise<Ended | null> {
  // Hooks and signing take their time. From here on nobody can stage, merge or switch branches: all take the lock.
  if ((await standing(bench, parts, plan, stood)) === null || !(await stillLies())) return { kind: 'head-moved' }
  journal.write(entry)
  return updateBranch(bench, parts, entry, `commit: ${message.split('\n', 1)[0] ?? ''}`, journal)
}

async function updateBranch(
  bench: Workbench,
  { verbs }: CommitParts,
  { ref, base, commit }: JournalEntry,
  reason: string,
  journal: CommitJournal,
): Promise<{ readonly kind: 'head-moved' } | { readonly kind: 'failed'; readonly failure: Failure } | null> {
  const moved = await verbs.moveRef({ ref, from: base, to: commit, reason })
  // A child that was ended, or whose answer was lost, may have done it all the same.
  if (moved === 'done' || readRef(bench, ref) === commit) return null
  journal.write(null)
  return moved === 'moved' ? { kind: 'head-moved' } : failed(moved)
}

function failed(failure: Failure): { readonly kind: 'failed'; readonly failure: Failure } {
  return { kind: 'failed', failure }
}

/** System errors and unreadable repositories are expected; anything else is a bug and goes on. */
function failureOfError(error: unknown): Failure {
  if (error instanceof SyncError) {
    return { name: 'unknown', detail: error.message, hint: error.hint, heals: 'backoff' }
  }
  const code = errnoOf(error)
  if (code === null || !(error instanceof Error)) throw error
  return failureOfErrno(code, error.message)
}
