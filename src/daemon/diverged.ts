import type { PathBytes, Verdict } from '../types.ts'
import type { Parts } from './board.ts'
import type { State } from './state-schema.ts'

/** With more of them the remote's commits stay out: a forgotten one would be committed as it is. */
const divergedMax = 10_000

/** What lies here was made from an older version than the branch has. Committed, it would undo the newer one. */
export function isDiverged(state: Pick<State, 'diverged'> | null, path: PathBytes): boolean {
  return (state?.diverged ?? []).some((one) => one.path === path)
}

/**
 * Written before the branch moves: a crash in between must not make an older file look like somebody's new edit.
 * @returns whether there was room
 */
export function rememberDiverged(
  { state, clock }: Parts,
  paths: readonly { readonly path: PathBytes; readonly reason: string }[],
): boolean {
  if (paths.length === 0) return true
  const again = new Set(paths.map(({ path }) => path))
  const added = paths.map(({ path, reason }) => ({ path, reason, atMs: clock.nowMs() }))
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

/** What is as at HEAD is older than nothing. */
export function forgetIfSame({ state }: Pick<Parts, 'state'>, { path, content }: Verdict): void {
  if (content?.outcome === 'same' && isDiverged(state.value, path)) forgetDiverged({ state }, new Set([path]))
}
