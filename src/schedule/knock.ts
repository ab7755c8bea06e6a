/** A remote that is out of reach is asked for at its door, which costs next to nothing, between the looks at it. */
import type { ScheduleState, Step } from './state.ts'

/** Between two knocks. */
const KNOCK_MS = 2_000

export function advanceKnock({ state, nowMs, actions }: Step): void {
  if (knockAtMs(state) > nowMs) return
  state.remote.knocking = true
  actions.push({ kind: 'knock' })
}

/** Infinity: the remote is within reach, or being asked already, or whether it answers the door tells nothing. */
export function knockAtMs({ remote }: ScheduleState): number {
  const isAway = remote.trouble?.failure.heals === 'unreachable' && !remote.trouble.reached
  if (!isAway || remote.knocking || remote.verifying || remote.pushing || remote.integrating) return Infinity
  return remote.knockAtMs
}

/** The remote is out of reach, since now or still. Who answers the door and nothing else is not asked there again. */
export function awayAt({ remote }: ScheduleState, nowMs: number): void {
  remote.knockAtMs = remote.knockAnswered ? Infinity : nowMs + KNOCK_MS
}

export function knocked({ state, nowMs }: Step, answered: boolean): void {
  const { remote } = state
  if (!remote.knocking) return
  remote.knocking = false
  remote.knockAtMs = nowMs + KNOCK_MS
  // What a look that is under way finds was perhaps so before.
  if (!answered || remote.verifying || remote.trouble?.failure.heals !== 'unreachable') return
  remote.knockAnswered = true
  remote.trouble.retryAtMs = nowMs
}
