import type { Trigger } from '../types.ts'
import type { Waiting } from './pending.ts'
import type { InFlight, ScheduleState, Step } from './state.ts'
import { automaticAtMs, freeAtMs } from './budget.ts'
import { halfKey, unlink } from './pending.ts'
import { dueAtMs, inOpenTurn, mayComeAlong } from './quiet.ts'

interface Selection {
  readonly group: string
  readonly trigger: Trigger
  readonly turn: InFlight['turn']
  readonly taken: readonly Waiting[]
}

/** Moves what its own timer made due to where it waits for its turn; costs nothing while nothing is due. */
export function collectDue({ state, nowMs }: Step): void {
  const { queue } = state.pending
  for (let waiting = queue.take(nowMs); waiting !== null; waiting = queue.take(nowMs)) {
    const dueMs = dueAtMs(state, waiting)
    if (dueMs > nowMs) queue.put(waiting, dueMs)
    else if (waiting.asked) continue
    else if (waiting.change.slow !== null) setOnce(state.ready.patterns, waiting.change.slow.pattern, dueMs)
    else setOnce(state.ready.groups, waiting.change.group, dueMs)
  }
}

/**
 * The next batch, its paths taken out of pending. What somebody asked for goes first, then ended turns: neither waits
 * for the budget. Among the rest the one that has been due for longest. Null: nothing may leave now.
 */
export function nextBatch(step: Step): InFlight | null {
  const selected = selectAsked(step) ?? selectTurn(step) ?? selectAutomatic(step)
  if (selected === null) return null
  const { state, nowMs } = step
  const selection = fitting(step, selected)
  const entries = new Map([...selection.taken, ...otherHalves(state, selection.taken)].map((w) => [w.change.path, w]))
  for (const waiting of entries.values()) {
    unlink(state.pending, waiting)
    state.pending.queue.drop(waiting)
  }
  const { group, trigger, turn } = selection
  const batch = { id: state.nextBatchId++, paths: [...entries.keys()], group, trigger }
  return { batch, entries, sinceMs: nowMs, doubted: new Map(), turn }
}

/**
 * As much of a selection as one commit may hold; the rest is due again at once, and the small need not wait for the
 * large. What is renamed is on the remote already.
 */
function fitting({ state, nowMs }: Step, selection: Selection): Selection {
  let leftBytes = state.options.batchBytesMax
  const left: Waiting[] = []
  const taken = selection.taken.filter((waiting, index) => {
    const { rename, sizeBytes } = waiting.change
    const bytes = rename === null ? sizeBytes : 0
    // A path that is too large alone is the guard's to judge, not to be left for ever.
    const fits = bytes <= leftBytes || index === 0
    if (fits) leftBytes -= bytes
    else left.push(waiting)
    return fits
  })
  const [first] = left
  if (first === undefined) return selection
  if (selection.turn !== null) state.turns.ended.set(selection.turn.session, selection.turn.endedAtMs)
  else if (selection.trigger === 'automatic' && first.change.slow !== null) {
    setOnce(state.ready.patterns, first.change.slow.pattern, nowMs)
  } else if (selection.trigger === 'automatic') setOnce(state.ready.groups, selection.group, nowMs)
  return { ...selection, taken }
}

/** When the budget lets the next due batch go; Infinity: nothing due waits for it. */
export function budgetWakeMs(state: ScheduleState): number {
  const { budget, ready, options } = state
  const groupsMs = ready.groups.size > 0 ? automaticAtMs(budget, options.limits) : Infinity
  return ready.patterns.size > 0 ? Math.min(groupsMs, freeAtMs(budget, options.limits)) : groupsMs
}

function selectAsked({ state, nowMs }: Step): Selection | null {
  for (const [group, set] of state.pending.asked) {
    const taken = [...set].filter((waiting) => waiting.notBeforeMs <= nowMs)
    if (taken.length > 0) return { group, trigger: 'asked', turn: null, taken }
  }
  return null
}

function selectTurn({ state }: Step): Selection | null {
  for (const [session, endedAtMs] of state.turns.ended) {
    state.turns.ended.delete(session)
    const group = `agent:${session}`
    const all = state.pending.byGroup.get(group) ?? []
    const taken = [...all].filter((waiting) => waiting.change.changedAtMs <= endedAtMs)
    if (taken.length > 0) return { group, trigger: 'turn', turn: { session, endedAtMs }, taken }
  }
  return null
}

function selectAutomatic({ state, nowMs }: Step): Selection | null {
  const { ready, budget, options } = state
  for (;;) {
    const group = automaticAtMs(budget, options.limits) <= nowMs ? oldest(ready.groups) : null
    const pattern = freeAtMs(budget, options.limits) <= nowMs ? oldest(ready.patterns) : null
    if (group === null && pattern === null) return null
    const slowFirst = group === null || (pattern !== null && pattern[1] < group[1])
    const selection = slowFirst ? selectSlow(state, pattern?.[0] ?? '', nowMs) : selectGroup(state, group[0], nowMs)
    if (selection !== null) return selection
  }
}

/** The due paths of a group and those that may come along; an overdue turn leaves whole, so it is one commit. */
function selectGroup(state: ScheduleState, group: string, nowMs: number): Selection | null {
  state.ready.groups.delete(group)
  const all = [...(state.pending.byGroup.get(group) ?? [])]
  const due = all.filter((waiting) => dueAtMs(state, waiting) <= nowMs)
  if (due.length === 0) return null
  const wholeTurn = due.some((waiting) => inOpenTurn(state, waiting))
  // A file that is looked at again every few seconds until it is whole must not end the quiet period of its neighbours.
  const onlyRetries = due.every((waiting) => waiting.tries > 0)
  const isDue = new Set(due)
  const taken = all.filter(
    (waiting) => isDue.has(waiting) || wholeTurn || (!onlyRetries && mayComeAlong(state, waiting, nowMs)),
  )
  return { group, trigger: 'automatic', turn: null, taken }
}

/** A slow pattern leaves whole: it is the pattern that has one commit per cooldown. */
function selectSlow(state: ScheduleState, pattern: string, nowMs: number): Selection | null {
  state.ready.patterns.delete(pattern)
  const all = [...(state.pending.byPattern.get(pattern) ?? [])]
  const first = all.find((waiting) => dueAtMs(state, waiting) <= nowMs)
  if (first === undefined) return null
  const taken = all.filter((waiting) => waiting.notBeforeMs <= nowMs)
  return { group: first.change.group, trigger: 'automatic', turn: null, taken }
}

/** The missing halves of renames: as many created paths of a blob as deleted ones, as far as they are pending. */
function otherHalves(state: ScheduleState, taken: readonly Waiting[]): Waiting[] {
  const surplus = new Map<string, number>()
  for (const { change } of taken) {
    if (change.rename === null || change.slow !== null) continue
    const step = change.rename.half === 'deleted' ? 1 : -1
    surplus.set(change.rename.oid, (surplus.get(change.rename.oid) ?? 0) + step)
  }
  const chosen = new Set(taken)
  const halves: Waiting[] = []
  for (const [oid, difference] of surplus) {
    let missing = Math.abs(difference)
    for (const waiting of state.pending.halves.get(halfKey(difference > 0 ? 'created' : 'deleted', oid)) ?? []) {
      if (missing === 0) break
      if (chosen.has(waiting)) continue
      halves.push(waiting)
      missing--
    }
  }
  return halves
}

function oldest(ready: ReadonlyMap<string, number>): readonly [string, number] | null {
  let best: readonly [string, number] | null = null
  for (const entry of ready) if (best === null || entry[1] < best[1]) best = entry
  return best
}

function setOnce(map: Map<string, number>, key: string, value: number): void {
  if (!map.has(key)) map.set(key, value)
}
