import type { ScheduleState } from './state.ts'
import { dueAtMs } from './quiet.ts'

/**
 * Moves every instant with the clock, so that everything stays as far away as it was. What waits for the remote has
 * waited while the machine slept, too: since when is an instant that only a clock that was set moves.
 */
export function shiftClock(state: ScheduleState, deltaMs: number, sleptMs: number): void {
  const setMs = deltaMs - sleptMs
  shiftPending(state, deltaMs, setMs)
  shiftRemote(state, deltaMs, setMs)
  const { budget, looking, turns, held, ready } = state
  budget.instantsMs = budget.instantsMs.map((atMs) => atMs + deltaMs)
  budget.lastAutomaticMs += deltaMs
  looking.nextAtMs += deltaMs
  looking.endedAtMs += deltaMs
  if (looking.doneAtMs !== null) looking.doneAtMs += deltaMs
  for (const map of [turns.open, turns.ended, ready.groups, ready.patterns]) {
    for (const [key, atMs] of map) map.set(key, atMs + deltaMs)
  }
  for (const entry of held.paths.values()) entry.sinceMs += setMs
  for (const flush of state.flushes.values()) flush.askedAtMs += deltaMs
  if (state.overflowSinceMs !== null) state.overflowSinceMs += setMs
  if (state.commitTrouble !== null) shiftTrouble(state.commitTrouble, deltaMs)
}

function shiftPending(state: ScheduleState, deltaMs: number, setMs: number): void {
  const { pending, inFlight } = state
  for (const waiting of [...pending.byPath.values(), ...(inFlight?.entries.values() ?? [])]) {
    const { change } = waiting
    const slow = change.slow === null ? null : { ...change.slow, commitAtMs: change.slow.commitAtMs + deltaMs }
    waiting.change = { ...change, changedAtMs: change.changedAtMs + deltaMs, slow }
    waiting.sinceMs += setMs
    waiting.notBeforeMs += deltaMs
    if (waiting.unsettledSinceMs !== null) waiting.unsettledSinceMs += deltaMs
    pending.queue.drop(waiting)
  }
  for (const waiting of pending.byPath.values()) pending.queue.put(waiting, dueAtMs(state, waiting))
  if (inFlight === null) return
  inFlight.sinceMs += setMs
  for (const [path, atMs] of inFlight.doubted) inFlight.doubted.set(path, atMs + deltaMs)
  if (inFlight.turn !== null) inFlight.turn.endedAtMs += deltaMs
}

function shiftRemote({ remote }: ScheduleState, deltaMs: number, setMs: number): void {
  remote.lastPushAtMs += deltaMs
  remote.lastVerifyAtMs += deltaMs
  remote.nextVerifyAtMs += deltaMs
  remote.integrateAtMs += deltaMs
  remote.restedAtMs += deltaMs
  remote.knockAtMs += deltaMs
  if (remote.behindSinceMs !== null) remote.behindSinceMs += setMs
  if (remote.unpushedSinceMs !== null) remote.unpushedSinceMs += setMs
  if (remote.madeDuringPushSinceMs !== null) remote.madeDuringPushSinceMs += setMs
  if (remote.trouble !== null) shiftTrouble(remote.trouble, deltaMs)
}

function shiftTrouble(trouble: { retryAtMs: number }, deltaMs: number): void {
  trouble.retryAtMs += deltaMs
}
