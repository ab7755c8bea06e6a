/** Which paths somebody waits for. */
import type { HeldPath, PathBytes } from '../types.ts'
import type { Waiting } from './pending.ts'
import type { ScheduleState } from './state.ts'

/** The path was dealt with, unless what was asked for is a newer change of it. */
export function forgetAsked(state: ScheduleState, path: PathBytes): void {
  if (state.flushes.size === 0 || state.pending.byPath.get(path)?.asked === true) return
  for (const flush of state.flushes.values()) flush.remaining.delete(path)
}

/** A batch found the path to be held, of which a newer change waits: whoever asked for the older one is told. */
export function tellOvertaken(state: ScheduleState, { path, reason }: HeldPath): void {
  for (const flush of state.flushes.values()) if (flush.remaining.has(path)) flush.overtaken.set(path, reason)
}

/** What was held is judged anew: whoever waits for it gets the new verdict, not the gap between the two. */
export function askAgain(state: ScheduleState, waiting: Waiting): void {
  for (const flush of state.flushes.values()) {
    if (!covers(flush.paths, waiting.change.path)) continue
    flush.remaining.add(waiting.change.path)
    waiting.asked = true
  }
}

export function isAsked(state: ScheduleState, path: PathBytes): boolean {
  for (const flush of state.flushes.values()) if (flush.remaining.has(path)) return true
  return false
}

/** `paths` may name directories; null means everything. */
export function covers(paths: readonly PathBytes[] | null, path: PathBytes): boolean {
  return paths === null || paths.some((asked) => asked === '' || path === asked || path.startsWith(`${asked}/`))
}
