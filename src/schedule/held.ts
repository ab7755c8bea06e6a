import type { HeldPath, PathBytes } from '../types.ts'
import type { ScheduleState } from './state.ts'

/** Listed at most; those beyond are counted until the next comparison of the whole tree. */
const HELD_MAX = 10_000

export function hold(state: ScheduleState, held: HeldPath, nowMs: number): void {
  const { paths } = state.held
  const known = paths.get(held.path)
  if (known === undefined && paths.size >= HELD_MAX) {
    state.held.unlisted++
    return
  }
  paths.set(held.path, { reason: held.reason, sinceMs: known?.sinceMs ?? nowMs })
}

export function heldAmong(state: ScheduleState, wanted: (path: PathBytes) => boolean, limit: number): HeldPath[] {
  const found: HeldPath[] = []
  for (const [path, { reason }] of state.held.paths) {
    if (found.length >= limit) break
    if (wanted(path)) found.push({ path, reason })
  }
  return found
}
