import type { Failure, Pause } from '../../src/types.ts'
import type { Timeline } from './timeline.ts'
import type { Chance } from './writers.ts'

/** What goes wrong in the world, and when it is over. */
export interface Trouble {
  readonly timeline: Timeline
  readonly chance: Chance
  readonly quietFromMs: number
  remoteFails(failure: Failure | null): void
  commitFails(failure: Failure | null): void
  pauses(list: readonly Pause[]): void
  /** Somebody else pushes; later somebody here gets it. */
  foreignCommit(): void
  pull(): void
  commitByHand(): void
  stage(on: boolean): void
  crash(downMs: number): void
  jump(deltaMs: number): void
  /** Holds for all in which a change may take longer than it should. */
  disturbed(fromMs: number, toMs: number): void
  sync(): void
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

function failure(name: Failure['name'], heals: Failure['heals']): Failure {
  return { name, heals, detail: `${name} happened`, hint: 'mend it' }
}

const remoteFailures = [
  failure('unreachable', 'unreachable'),
  failure('unreachable', 'unreachable'),
  failure('authentication', 'person'),
  failure('rate-limit', 'backoff'),
  failure('rejected', 'backoff'),
]

const merge: Pause = { name: 'merge', detail: 'a merge is in progress', stops: 'commit' }
const diskLow: Pause = { name: 'disk-low', detail: 'free some space', stops: 'push' }

/** Strikes a few times a week, each kind by chance. */
export function misfortunes(world: Trouble): void {
  const { chance, timeline } = world
  const between = (from: number, to: number): number => from + chance() * (to - from)
  const strike = (perWeek: number, shortest: number, longest: number, run: (durationMs: number) => void): void => {
    const count = Math.floor(between(0, 2 * perWeek * (world.quietFromMs / (7 * dayMs))) + 0.5)
    for (let n = 0; n < count; n++) {
      const durationMs = between(shortest, longest)
      const atMs = between(0, world.quietFromMs - durationMs)
      // Waits of a quarter of an hour, and a retry, may follow.
      if (durationMs > 0) world.disturbed(atMs - 2 * minuteMs, atMs + durationMs + 20 * minuteMs)
      timeline.at(atMs, () => run(durationMs))
    }
  }
  strike(3, minuteMs, 5 * hourMs, (durationMs) => {
    world.remoteFails(remoteFailures[Math.floor(chance() * remoteFailures.length)] ?? null)
    timeline.in(durationMs, () => world.remoteFails(null))
  })
  strike(2, 10_000, 20 * minuteMs, (durationMs) => {
    world.commitFails(chance() < 0.7 ? failure('locked', 'backoff') : failure('identity', 'person'))
    timeline.in(durationMs, () => world.commitFails(null))
  })
  strike(2, minuteMs, 3 * hourMs, (durationMs) => {
    world.pauses([chance() < 0.7 ? merge : diskLow])
    timeline.in(durationMs, () => world.pauses([]))
  })
  strike(1.5, minuteMs, 5 * hourMs, (durationMs) => {
    world.foreignCommit()
    timeline.in(durationMs, () => world.pull())
  })
  strike(4, 1_000, 2 * hourMs, (durationMs) => world.crash(durationMs))
  strike(1, 100, 2_000, () => world.crash(0))
  strike(2, 1_000, 2_000, () => world.jump((chance() < 0.5 ? -1 : 1) * between(minuteMs, 10 * hourMs)))
  strike(5, 1_000, 2_000, () => world.commitByHand())
  strike(3, 5 * minuteMs, hourMs, (durationMs) => {
    world.stage(true)
    timeline.in(durationMs, () => world.stage(false))
  })
  strike(4, 0, 0, () => world.sync())
}
