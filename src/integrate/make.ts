/** The commit that has both sides: a merge, or our own commits put on the remote's. */
import type { GitEngine, Merged } from '../git/git.ts'
import type { Oid } from '../types.ts'
import type { Conflict } from './conflicts.ts'
import type { Documents } from './documents.ts'
import { settleAll, type NotMade } from './settle-all.ts'

/** Commits of ours that are put on the remote's one by one; with more of them the two are merged. */
const replayedMax = 200

export interface Sides {
  readonly head: Oid
  readonly tip: Oid
  readonly documents: Documents
}

export interface Made {
  readonly commit: Oid
  readonly conflicts: readonly Conflict[]
  /** Commits of it that `tip` lacks. */
  readonly ahead: number
  /** What the branch had, where commits of it were made anew and not all of what they did is in it; null: it is. */
  readonly replaced: Oid | null
}

export async function mergeSides(engine: GitEngine, sides: Sides, message: string): Promise<Made | NotMade> {
  const { head, tip, documents } = sides
  const settled = await settleAll(engine, await mergedSides(engine, head, tip), documents)
  if (!('tree' in settled)) return settled
  const made = await engine.merging.commit({ tree: settled.tree, parents: [head, tip], message, author: null })
  if (!('oid' in made)) return { kind: 'failed', failure: made }
  const ours = await engine.merging.commitsBetween(tip, made.oid, aheadMax)
  return { commit: made.oid, conflicts: settled.conflicts, ahead: ours.length, replaced: null }
}

/**
 * Two machines that began with an empty remote at the same time have no commit in common; nobody but they made any. A
 * history that people made is put beside another one only by people.
 */
async function mergedSides(engine: GitEngine, head: Oid, tip: Oid): Promise<Merged> {
  const merged = await engine.merging.merge(head, tip)
  if (merged.kind !== 'unrelated' || (await engine.commitsOfOthers(head, tip)) > 0) return merged
  return engine.merging.merge(head, tip, 'apart')
}

/** Commits counted; with more of them the number is only told as at least so many. */
const aheadMax = 100_000

/**
 * Puts our commits on the remote's, one by one, each with its author, date and message.
 * @returns null: somebody else made one of them, one is a merge, or they are too many: then the two are merged
 */
export async function replaySides(engine: GitEngine, sides: Sides): Promise<Made | NotMade | null> {
  const { merging, history } = engine
  const { head, tip, documents } = sides
  const commits = await merging.commitsBetween(tip, head, replayedMax + 1)
  if (commits.length > replayedMax) return null
  let onto = tip
  const found: Found[] = []
  const summaries = []
  for (const oid of commits) {
    const summary = await history.commit(oid)
    if (summary?.id == null || summary.parents.length !== 1) return null
    summaries.push(summary)
  }
  for (const { oid, parents } of summaries) {
    const merged = await merging.replay(oid, parents[0] ?? '', onto)
    const settled = await settleAll(engine, merged, documents)
    if (!('tree' in settled)) return settled
    found.push(...settled.conflicts.map((conflict) => ({ conflict, commit: oid })))
    // What it did is on the remote already.
    if (settled.tree === (await merging.treeOf(onto))) continue
    const { message, author } = await merging.messageOf(oid)
    const made = await merging.commit({ tree: settled.tree, parents: [onto], message, author })
    if (!('oid' in made)) return { kind: 'failed', failure: made }
    onto = made.oid
  }
  const ahead = (await merging.commitsBetween(tip, onto, aheadMax)).length
  const conflicts = await asAtHead(engine, commits, onto, found)
  return { commit: onto, conflicts, ahead, replaced: found.length === 0 ? null : head }
}

interface Found {
  readonly conflict: Conflict
  /** Of ours, in whose changes it lay. */
  readonly commit: Oid
}

/**
 * Several commits of ours may have changed a path, each with a version of its own: kept is, once, what the branch had
 * in the end. Where that is gone or came in nevertheless, the older ones are history. A version that did not lead to
 * that one, since it was renamed or something else took its place, is kept by itself.
 */
async function asAtHead(
  engine: GitEngine,
  commits: readonly Oid[],
  made: Oid,
  found: readonly Found[],
): Promise<readonly Conflict[]> {
  const paths = [...new Set(found.map(({ conflict }) => conflict.path))]
  const [ours, now] = [await engine.entriesAt(commits.at(-1) ?? null, paths), await engine.entriesAt(made, paths)]
  const kept = new Map<string, Conflict>()
  for (const { conflict, commit } of found) {
    const mine = ours.get(conflict.path)
    const isOlder = mine !== undefined && mine.mode !== '040000' && (await ledTo(engine, commits, commit, conflict))
    if (isOlder && mine.oid === now.get(conflict.path)?.oid) continue
    const told = isOlder ? { ...conflict, kept: mine } : conflict
    kept.set(`${told.kept.oid} ${told.path}`, told)
  }
  return [...kept.values()]
}

/** Whether what is kept lay at its path in that commit, and was only edited in the later ones. */
async function ledTo(
  engine: GitEngine,
  commits: readonly Oid[],
  commit: Oid,
  { path, kept }: Conflict,
): Promise<boolean> {
  if ((await engine.entriesAt(commit, [path])).get(path)?.oid !== kept.oid) return false
  for (const later of commits.slice(commits.indexOf(commit) + 1)) {
    const change = (await engine.history.changesOf(later)).find((one) => one.path === path)
    if (change !== undefined && (change.before === null || change.after === null)) return false
  }
  return true
}
