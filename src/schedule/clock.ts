import type { ScheduleState } from './state.ts'
import { dueAtMs } from './quiet.ts'

/** Moves every instant with the clock, so that everything stays as far away as it was. */
export function shiftClock(state: ScheduleState, deltaMs: number): void {
  shiftPending(state, deltaMs)
  shiftRemote(state, deltaMs)
  const { budget, looking, turns, held, ready } = state
  budget.instantsMs = budget.instantsMs.map((atMs) => atMs + deltaMs)
  budget.lastAutomaticMs += deltaMs
  looking.nextAtMs += deltaMs
  looking.endedAtMs += deltaMs
  if (looking.doneAtMs !== null) looking.doneAtMs += deltaMs
  for (const map of [turns.open, turns.ended, ready.groups, ready.patterns]) {
    for (const [key, atMs] of map) map.set(key, atMs + deltaMs)
  }
  for (const entry of held.paths.values()) entry.sinceMs += deltaMs
  for (const flush of state.flushes.values()) flush.askedAtMs += deltaMs
  if (state.overflowSinceMs !== null) state.overflowSinceMs += deltaMs
  if (state.commitTrouble !== null) shiftTrouble(state.commitTrouble, deltaMs)
}

function shiftPending(state: ScheduleState, deltaMs: number): void {
  const { pending, inFlight } = state
  for (const waiting of [...pending.byPath.values(), ...(inFlight?.entries.values() ?? [])]) {
    const { change } = waiting
    const slow = change.slow === null ? null : { ...change.slow, commitAtMs: change.slow.commitAtMs + deltaMs }
    waiting.change = { ...change, changedAtMs: change.changedAtMs + deltaMs, slow }
    waiting.sinceMs += deltaMs
    waiting.notBeforeMs += deltaMs
    if (waiting.unsettledSinceMs !== null) waiting.unsettledSinceMs += deltaMs
    pending.queue.drop(waiting)
  }
  for (const waiting of pending.byPath.values()) pending.queue.put(waiting, dueAtMs(state, waiting))
  if (inFlight === null) return
  inFlight.sinceMs += deltaMs
  for (const [path, atMs] of inFlight.doubted) inFlight.doubted.set(path, atMs + deltaMs)
  if (inFlight.turn !== null) inFlight.turn.endedAtMs += deltaMs
}

function shiftRemote({ remote }: ScheduleState, deltaMs: number): void {
  remote.lastPushAtMs += deltaMs
  remote.lastVerifyAtMs += deltaMs
  remote.nextVerifyAtMs += deltaMs
  remote.integrateAtMs += deltaMs
  remote.restedAtMs += deltaMs
  remote.knockAtMs += deltaMs
  if (remote.behindSinceMs !== null) remote.behindSinceMs += deltaMs
  if (remote.verifiedAtMs !== null) remote.verifiedAtMs += deltaMs
  if (remote.unpushedSinceMs !== null) remote.unpushedSinceMs += deltaMs
  if (remote.madeDuringPushSinceMs !== null) remote.madeDuringPushSinceMs += deltaMs
  if (remote.trouble !== null) shiftTrouble(remote.trouble, deltaMs)
}

function shiftTrouble(trouble: { retryAtMs: number }, deltaMs: number): void {
  trouble.retryAtMs += deltaMs
}
