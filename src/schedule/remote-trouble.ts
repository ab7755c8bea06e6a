/** A remote that cannot be asked, or that says no. */
import type { Failure } from '../types.ts'
import { awayAt } from './knock.ts'
import { describe, tellOnce, troubled } from './failures.ts'
import type { ScheduleState, Step } from './state.ts'

export function heal(state: ScheduleState): void {
  state.remote.trouble = null
  state.told.remote = null
  state.remote.knockAnswered = false
}

export function fail(step: Step, failure: Failure): void {
  step.state.remote.trouble = { ...troubled(step, step.state.remote.trouble, failure), reached: false }
  if (failure.heals === 'unreachable') awayAt(step.state, step.nowMs)
  // git forgets a stored password that was refused: what follows is the same trouble, and no news.
  const name = failure.name === 'prompt-needed' ? 'authentication' : failure.name
  tellOnce(step, 'remote', name, describe(failure))
}
