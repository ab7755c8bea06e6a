import type { ScheduleState } from './state.ts'
import { dueAtMs } from './quiet.ts'

/** Turns open at the same time; one more ends the oldest, whose paths then leave as if it had ended. */
const OPEN_TURNS_MAX = 1_000

export function setTurn(state: ScheduleState, session: string, open: boolean, nowMs: number): void {
  const { turns } = state
  if (!open) {
    endTurn(state, session, nowMs)
    return
  }
  const [oldest] = turns.open.keys()
  if (turns.open.size >= OPEN_TURNS_MAX && oldest !== undefined && !turns.open.has(session)) {
    endTurn(state, oldest, nowMs)
  }
  if (turns.open.has(session)) return
  turns.open.set(session, nowMs)
  // What was due and waited for the budget is kept by the turn again, and has to be found when that is over.
  for (const waiting of state.pending.byGroup.get(`agent:${session}`) ?? []) {
    state.pending.queue.put(waiting, dueAtMs(state, waiting))
  }
}

function endTurn({ turns, pending }: ScheduleState, session: string, nowMs: number): void {
  if (!turns.open.delete(session)) return
  if (pending.byGroup.has(`agent:${session}`)) turns.ended.set(session, nowMs)
}
