import type { CommitChange, GitEngine } from '../git/git.ts'
import { shellPath } from '../shell.ts'
import { pathText, type Oid, type PathBytes, type TreeEntry, type Verdict } from '../types.ts'
import type { Board, Parts } from './board.ts'
import type { State } from './state-schema.ts'

/** With more of them the remote's commits stay out: a forgotten one would be committed as it is. */
const divergedMax = 10_000

const overTheirs = 'committed here over what the remote had'

type One = State['diverged'][number]

/**
 * What is older than one branch has need not be older than another. But a new branch may have just what the remote had,
 * and the older file came along.
 * @param base what the branch has at the path
 */
function countsOn({ ref, theirs }: One, head: string | null, base: Oid | null): boolean {
  return ref === null || ref === head || theirs?.oid === base
}

/** The branch has no longer what the remote had: somebody committed the older file. */
function isOver({ theirs }: One, base: Oid | null): boolean {
  return theirs !== undefined && theirs.oid !== base
}

/** What lies here was made from an older version than the branch `head` has. Committed, it would undo the newer one. */
export function isDiverged(
  state: Pick<State, 'diverged'> | null,
  head: string | null,
  path: PathBytes,
  base: TreeEntry | null,
): boolean {
  return (state?.diverged ?? []).some((one) => one.path === path && countsOn(one, head, base?.oid ?? null))
}

export interface DivergedNow {
  readonly path: PathBytes
  readonly reason: string
  readonly atMs: number
  readonly branch: string | null
  /** It is open on the branch that HEAD is on. */
  readonly isHere: boolean
  /** Somebody committed it nevertheless; the commit in which the branch had the remote's side. */
  readonly under: Oid | null
}

/** Of all branches, as the one that HEAD is on is now. */
export async function divergedNow(
  engine: Pick<GitEngine, 'head' | 'entriesAt'>,
  diverged: State['diverged'],
): Promise<readonly DivergedNow[]> {
  if (diverged.length === 0) return []
  const head = await engine.head()
  const paths = diverged.map(({ path }) => path)
  const entries = await engine.entriesAt(head.oid, paths)
  return diverged.map((one) => {
    const { path, reason, atMs, ref, theirs } = one
    const base = entries.get(path)?.oid ?? null
    const isHere = countsOn(one, head.ref, base)
    const under = isHere && isOver(one, base) ? (theirs?.commit ?? null) : null
    return { path, reason: under === null ? reason : overTheirs, atMs, branch: ref, isHere, under }
  })
}

/**
 * Written before the branch moves: a crash in between must not make an older file look like somebody's new edit.
 * @param made the commit that has the remote's side, on which branch, and what it changed
 * @returns whether there was room
 */
export function rememberDiverged(
  { state, clock }: Parts,
  paths: readonly { readonly path: PathBytes; readonly reason: string }[],
  { commit, ref, changes }: { readonly commit: Oid; readonly ref: string; readonly changes: readonly CommitChange[] },
): boolean {
  if (paths.length === 0) return true
  const again = new Set(paths.map(({ path }) => path))
  const after = new Map(changes.map((change) => [change.path, change.after?.oid ?? null]))
  const added = paths.map(({ path, reason }) => {
    const theirs = { commit, oid: after.get(path) ?? null }
    return { path, reason, atMs: clock.nowMs(), ref, theirs }
  })
  const known = state.value.diverged.filter((one) => !again.has(one.path) || !isOf(one, ref))
  if (known.length + added.length > divergedMax) return false
  state.update({ diverged: [...known, ...added] })
  return true
}

function isOf(one: One, ref: string | null): boolean {
  return one.ref === null || one.ref === ref
}

/** Settled, or as the branch `ref` has it by now. */
export function forgetDiverged(
  { state }: { readonly state: Pick<Parts['state'], 'value' | 'update'> },
  ref: string | null,
  paths: ReadonlySet<PathBytes>,
): void {
  const left = state.value.diverged.filter((one) => !paths.has(one.path) || !isOf(one, ref))
  if (left.length < state.value.diverged.length) state.update({ diverged: left })
}

/**
 * What is as at HEAD is older than nothing, unless HEAD is so because somebody committed the older one.
 * @param head the branch that HEAD is on
 */
export function forgetIfSame(
  { state, report }: Pick<Parts, 'state' | 'report'>,
  board: Pick<Board, 'conflicts'>,
  head: string | null,
  { path, content, evidence }: Verdict,
): void {
  if (content?.outcome !== 'same') return
  const base = evidence.base?.oid ?? null
  const found = state.value.diverged.filter((one) => one.path === path && countsOn(one, head, base))
  for (const one of found) if (!isOver(one, base)) forgetDiverged({ state }, one.ref, new Set([path]))
  if (!found.some((one) => isOver(one, base)) || board.conflicts.includes(path)) return
  board.conflicts = [...board.conflicts, path]
  const remedy = `say which one counts: workspace-sync conflicts resolve ${shellPath(path)}`
  report({ kind: 'notice', text: `${pathText(path)} was ${overTheirs}: ${remedy}` })
}
