import type { Oid, PathBytes } from '../types.ts'
import type { Parts } from './board.ts'
import type { State } from './state-schema.ts'

/** Kept at most; git status still shows what is beyond. */
const divergedMax = 10_000

/** What lies here was made from an older version than the branch has. Committed, it would undo the newer one. */
export function isDiverged(state: Pick<State, 'diverged'> | null, path: PathBytes): boolean {
  return (state?.diverged ?? []).some((one) => one.path === path)
}

/** Written before the branch moves: a crash in between must not make an older file look like somebody's new edit. */
export function rememberDiverged(
  { state, clock }: Parts,
  commit: Oid,
  paths: readonly { readonly path: PathBytes; readonly reason: string }[],
): void {
  if (paths.length === 0) return
  const again = new Set(paths.map(({ path }) => path))
  const added = paths.map(({ path, reason }) => ({ path, reason, commit, atMs: clock.nowMs() }))
  const known = state.value.diverged.filter(({ path }) => !again.has(path))
  state.update({ diverged: [...known, ...added].slice(-divergedMax) })
}

/** Settled, or as the branch has it by now. */
export function forgetDiverged(
  { state }: { readonly state: Pick<Parts['state'], 'value' | 'update'> },
  paths: ReadonlySet<PathBytes>,
): void {
  const left = state.value.diverged.filter(({ path }) => !paths.has(path))
  if (left.length < state.value.diverged.length) state.update({ diverged: left })
}
