import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clock } from '../platform/platform.ts'
import { indexer, monitor, type Act } from './script.ts'

/** Two programs that write by themselves, and a person; all in one workspace. */
export interface Actors {
  /** Times each file was written, by path. */
  readonly writes: ReadonlyMap<string, number>
  /** When each file was written last. */
  lastWriteMs(path: string): number | null
  /** Everything that people do is done. */
  isDone(): boolean
  /** What kept one of them from writing; null: nothing. */
  failure(): unknown
  stop(): void
}

export interface Audience {
  acted(act: Act): void
  /** The indexer saw a commit and wrote; how often it has by now. */
  indexed(run: number): void
}

export function startActors(work: string, clock: Clock, acts: readonly Act[], audience: Audience): Actors {
  const writes = new Map<string, number>()
  const lastMs = new Map<string, number>()
  const stage = createStage(clock)
  let done = 0
  const note = (path: string): number => {
    const count = (writes.get(path) ?? 0) + 1
    writes.set(path, count)
    lastMs.set(path, clock.nowMs())
    return count
  }
  const put = (path: string, text: string, how: (path: string, text: string) => void = writeFileSync): number => {
    const count = note(path)
    mkdirSync(dirname(join(work, path)), { recursive: true })
    how(join(work, path), text)
    return count
  }
  let beat = 0
  stage.every(monitor.everyMs, () => {
    beat += 1
    put(monitor.path, monitor.text(beat, new Date(clock.nowMs()).toISOString()))
  })
  let seen = headOf(work)
  stage.every(indexer.looksEveryMs, () => {
    const commit = headOf(work)
    if (commit === seen) return
    seen = commit
    const run = (writes.get(indexer.path) ?? 0) + 1
    put(indexer.path, indexer.text(run, commit))
    put(indexer.log, indexer.line(run, commit), appendFileSync)
    audience.indexed(run)
  })
  for (const act of acts) {
    stage.once(act.atMs, () => {
      put(act.path, act.text)
      done += 1
      audience.acted(act)
    })
  }
  return {
    writes,
    lastWriteMs: (path) => lastMs.get(path) ?? null,
    isDone: () => done === acts.length,
    failure: stage.failure,
    stop: stage.clear,
  }
}

interface Stage {
  once(delayMs: number, run: () => void): void
  /** At once, and then again and again. */
  every(periodMs: number, run: () => void): void
  failure(): unknown
  clear(): void
}

/** Timers that end together: at `clear`, and at the first failure, which a timer could tell nobody. */
function createStage(clock: Clock): Stage {
  const cancels = new Set<() => void>()
  let failure: unknown = null
  let isOver = false
  const clear = (): void => {
    isOver = true
    for (const cancel of cancels) cancel()
  }
  const attempt = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      failure = error
      clear()
    }
  }
  const once = (delayMs: number, run: () => void): void => {
    if (isOver) return
    const cancel = clock.after(delayMs, () => {
      cancels.delete(cancel)
      attempt(run)
    })
    cancels.add(cancel)
  }
  const every = (periodMs: number, run: () => void): void => {
    attempt(run)
    once(periodMs, () => every(periodMs, run))
  }
  return { once, every, clear, failure: () => failure }
}

/** The tip of the branch, as a program without git would find it: ten digits. */
function headOf(work: string): string {
  try {
    return readFileSync(join(work, '.git', 'refs', 'heads', 'main'), 'latin1').slice(0, 10)
  } catch {
    return ''
  }
}
