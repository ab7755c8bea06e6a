import type { Classifier } from '../../src/classify/classify.ts'
import type { ScheduleOptions } from '../../src/schedule/schedule.ts'
import type { Failure, Pause } from '../../src/types.ts'
import type { Timeline } from './timeline.ts'
import type { World } from './world.ts'
import type { Chance } from './writers.ts'

/** What the daemon meets outside, besides the work tree. */
export interface Surroundings {
  readonly world: World
  readonly timeline: Timeline
  readonly classifier: Classifier
  readonly schedule: ScheduleOptions
  readonly chance: Chance
  /** The tree is never compared as a whole. */
  readonly blind: boolean
  /** The daemon's clock minus true time. */
  clockOffsetMs: number
  pauses: readonly Pause[]
  /** Why the remote does not answer; null: it does. */
  remoteFailure: Failure | null
  commitFailure: Failure | null
  /** Told right after HEAD moved by a commit of the daemon. */
  readonly onCommit: () => void
  readonly onPush: () => void
  readonly onAnswer: (id: number) => void
}

/** The daemon's clock: whole milliseconds, and not always right. */
export function clockMs(around: Surroundings): number {
  return Math.round(around.timeline.nowMs + around.clockOffsetMs)
}
