import type { ScheduleInput } from '../schedule/schedule.ts'
import type { Board, Parts } from './board.ts'
import { keptHere } from './open-conflicts.ts'

/** A jump of the wall clock against the one that never jumps; less is drift and rounding. */
const clockJumpMs = 2_000

/** What changed around the workspace since the last turn, as inputs of the schedule. */
export type Surroundings = () => Promise<readonly ScheduleInput[]>

/** @param onHeadMoved HEAD is on another commit or branch, and it was not us. */
export function createSurroundings(parts: Parts, board: Board, onHeadMoved: () => void): Surroundings {
  const { clock } = parts
  let skewMs = clock.nowMs() - clock.monotonicMs()
  let sleptMs = clock.sleptMs()
  let isDegraded = false

  const clockInputs = (): readonly ScheduleInput[] => {
    const deltaMs = clock.nowMs() - clock.monotonicMs() - skewMs
    if (Math.abs(deltaMs) < clockJumpMs) return []
    skewMs += deltaMs
    const lastMs = Math.round(clock.sleptMs() - sleptMs)
    sleptMs += lastMs
    parts.breaker.shift(deltaMs)
    parts.pause.shift(deltaMs)
    const text = `the clock jumped by ${Math.round(deltaMs / 1000)} s (or the machine slept); looking at everything`
    parts.report({ kind: 'notice', text })
    return [{ kind: 'clock-jumped', deltaMs, sleptMs: lastMs }]
  }

  const watcherInputs = (): readonly ScheduleInput[] => {
    const { degraded } = parts.source.health()
    if ((degraded !== null) === isDegraded) return []
    isDegraded = degraded !== null
    if (degraded === null) parts.report({ kind: 'resumed', name: 'degraded' })
    else parts.report({ kind: 'degraded', ...degraded })
    return [{ kind: 'watcher', degraded: isDegraded }]
  }

  const headInputs = async (): Promise<readonly ScheduleInput[]> => {
    if (board.committing) return []
    const head = await parts.engine.head()
    if (head.oid === board.head.oid && head.ref === board.head.ref) return []
    if (head.ref !== board.head.ref) board.conflicts = await keptHere(parts.engine, parts.state.value)
    board.head = head
    // What somebody committed is no longer waiting to be weighed; what is still deleted will be found again.
    board.deletions.clear()
    onHeadMoved()
    return [{ kind: 'head-moved' }, { kind: 'reconcile-wanted', reason: 'HEAD moved' }]
  }

  return async () => [...clockInputs(), ...watcherInputs(), ...(await headInputs())]
}
