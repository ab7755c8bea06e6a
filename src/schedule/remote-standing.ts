/** What can be said of the remote though it, or part of it, says no. */
import type { ScheduleState } from './state.ts'

/** The remote has it all, and only another place that it is pushed to does not: nothing else waits for that one. */
export function isLagging({ remote }: ScheduleState): boolean {
  return remote.trouble?.failure.name === 'lagging'
}

/** Only what is sent is refused, here or by another place: the remote is looked at and brought in as ever. */
export function isOfSendingOnly(state: ScheduleState): boolean {
  return isLagging(state) || state.remote.trouble?.failure.name === 'secret-in-commit'
}

/** The remote has commits that we lack, and only a person brings them in. */
export function isLeftBehind({ remote, options }: ScheduleState): boolean {
  // Whose looks find nothing that is not here has nothing to pull.
  return remote.behind > 0 && !options.integrateEnabled && remote.trouble?.failure.name !== 'overtaken'
}

/** Something failed that time does not heal. */
export function needsPerson({ commitTrouble, remote }: ScheduleState): boolean {
  return commitTrouble?.failure.heals === 'person' || remote.trouble?.failure.heals === 'person'
}
