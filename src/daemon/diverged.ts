import type { CommitChange, GitEngine } from '../git/git.ts'
import { shellPath } from '../shell.ts'
import { pathText, type Oid, type PathBytes, type Verdict } from '../types.ts'
import type { Board, Parts } from './board.ts'
import type { State } from './state-schema.ts'

/** With more of them the remote's commits stay out: a forgotten one would be committed as it is. */
const divergedMax = 10_000

const overTheirs = 'committed here over what the remote had'

/** What lies here was made from an older version than the branch has. Committed, it would undo the newer one. */
export function isDiverged(state: Pick<State, 'diverged'> | null, path: PathBytes): boolean {
  return (state?.diverged ?? []).some((one) => one.path === path)
}

interface CommittedOver {
  /** Has the remote's side. */
  readonly under: Oid
  readonly reason: string
}

/** Those that somebody committed meanwhile: the branch has no longer what the remote had. */
export async function committedOver(
  engine: Pick<GitEngine, 'head' | 'entriesAt'>,
  diverged: State['diverged'],
): Promise<ReadonlyMap<PathBytes, CommittedOver>> {
  const known = diverged.flatMap(({ path, theirs }) => (theirs === undefined ? [] : [{ path, theirs }]))
  if (known.length === 0) return new Map()
  const { oid: head } = await engine.head()
  const paths = known.map(({ path }) => path)
  const entries = await engine.entriesAt(head, paths)
  const over = known.filter(({ path, theirs }) => theirs.oid !== (entries.get(path)?.oid ?? null))
  return new Map(over.map(({ path, theirs }) => [path, { under: theirs.commit, reason: overTheirs }]))
}

/**
 * Written before the branch moves: a crash in between must not make an older file look like somebody's new edit.
 * @param made the commit that has the remote's side, and what it changed
 * @returns whether there was room
 */
export function rememberDiverged(
  { state, clock }: Parts,
  paths: readonly { readonly path: PathBytes; readonly reason: string }[],
  { commit, changes }: { readonly commit: Oid; readonly changes: readonly CommitChange[] },
): boolean {
  if (paths.length === 0) return true
  const again = new Set(paths.map(({ path }) => path))
  const after = new Map(changes.map((change) => [change.path, change.after?.oid ?? null]))
  const added = paths.map(({ path, reason }) => {
    const theirs = { commit, oid: after.get(path) ?? null }
    return { path, reason, atMs: clock.nowMs(), theirs }
  })
  const known = state.value.diverged.filter(({ path }) => !again.has(path))
  if (known.length + added.length > divergedMax) return false
  state.update({ diverged: [...known, ...added] })
  return true
}

/** Settled, or as the branch has it by now. */
export function forgetDiverged(
  { state }: { readonly state: Pick<Parts['state'], 'value' | 'update'> },
  paths: ReadonlySet<PathBytes>,
): void {
  const left = state.value.diverged.filter(({ path }) => !paths.has(path))
  if (left.length < state.value.diverged.length) state.update({ diverged: left })
}

/** What is as at HEAD is older than nothing, unless HEAD is so because somebody committed the older one. */
export function forgetIfSame(
  { state, report }: Pick<Parts, 'state' | 'report'>,
  board: Pick<Board, 'conflicts'>,
  { path, content, evidence }: Verdict,
): void {
  if (content?.outcome !== 'same') return
  const one = state.value.diverged.find((other) => other.path === path)
  if (one === undefined) return
  if (one.theirs === undefined || one.theirs.oid === (evidence.base?.oid ?? null)) {
    forgetDiverged({ state }, new Set([path]))
    return
  }
  if (board.conflicts.includes(path)) return
  board.conflicts = [...board.conflicts, path]
  const remedy = `say which one counts: workspace-sync conflicts resolve ${shellPath(path)}`
  report({ kind: 'notice', text: `${pathText(path)} was ${overTheirs}: ${remedy}` })
}
