import type { Writer } from '../../src/types.ts'
import { day, hour } from '../support/schedule-run.ts'
import { between } from './draws.ts'
import type { Timeline } from './timeline.ts'
import type { Version } from './world.ts'
import { unknownWriter } from './world.ts'
import type { Chance } from './writers.ts'

/** What an actor may do. `meant`: somebody means it, so it must be on the remote in the end. */
export interface Scene {
  readonly timeline: Timeline
  readonly chance: Chance
  /** Nobody starts anything after it. */
  readonly quietFromMs: number
  write(name: string, content: string | null, seen: Writer, meant: boolean, more?: Partial<Version>): void
  move(from: string, to: string, seen: Writer): void
  read(name: string): string | null
  turn(session: string, open: boolean): void
  /** Called after each commit of the daemon. */
  afterCommits(run: () => void): void
}

export const human: Writer = { ...unknownWriter, kind: 'human', name: 'editor', tier: 'T2', confidence: 0.9 }
export const seenAs = (chance: Chance, writer: Writer, share: number): Writer =>
  chance() < share ? writer : unknownWriter

/** Runs again and again after waits of its own choosing, until it is quiet. */
export function repeat(scene: Scene, waitMs: () => number, run: () => void): void {
  const next = (): void => {
    const atMs = scene.timeline.nowMs + waitMs()
    if (atMs >= scene.quietFromMs) return
    scene.timeline.at(atMs, () => {
      run()
      next()
    })
  }
  next()
}

/** Some spells a day between 8 and 20 o'clock, with `run` at short gaps. */
export function spells(
  scene: Scene,
  perDay: number,
  spell: readonly [number, number],
  gapMs: () => number,
  run: () => void,
): void {
  const { timeline, chance } = scene
  for (let days = 0; days * day < scene.quietFromMs; days++) {
    for (let n = 0; n < perDay; n++) {
      const startMs = days * day + between(chance, 8 * hour, 20 * hour)
      const endMs = Math.min(startMs + between(chance, ...spell), scene.quietFromMs)
      const next = (atMs: number): void => {
        if (atMs >= endMs) return
        timeline.at(atMs, () => {
          run()
          next(timeline.nowMs + gapMs())
        })
      }
      next(startMs)
    }
  }
}
