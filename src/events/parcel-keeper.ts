import type { Clock } from '../platform/platform.ts'
import type { StartWatchProcess, WatchProcess } from './parcel-process.ts'
import type { FromWatchProcess, WatchOrder } from './parcel-protocol.ts'

/** After a failure the watcher is started again: at once a second later, then ever more slowly, for ever. */
const restartMs = 1_000
const restartMsMax = 10 * 60_000
/** One that watched this long was well: its end counts as the first failure again. */
const wellAfterMs = 10 * 60_000
/** A subscription of 100,000 directories takes 5 s. */
const startMsMax = 120_000
const pingMs = 10_000
/** Pings without an answer, after which it is ended for hanging. */
const unansweredMax = 3
/** Rest between two renewals, in durations of the last, and at least. */
const renewalRest = 4
const renewalRestMs = 1_000

export interface KeeperParts {
  readonly clock: Clock
  readonly start: StartWatchProcess
  readonly order: () => WatchOrder
  readonly heard: (message: Extract<FromWatchProcess, { kind: 'changed' }>) => void
  /** Watching again, after a time in which changes may have gone unnoticed. */
  readonly watching: (reason: string) => void
  /** `trouble` changed. */
  readonly changed: () => void
}

interface Held {
  readonly process: WatchProcess
  readonly startedAtMs: number
  readyAtMs: number | null
  unanswered: number
}

/**
 * Keeps one process that watches, and starts another when it ends, hangs or must be renewed. A renewal overlaps: the
 * old one watches until the new one is ready, so nothing falls between.
 */
export class ParcelKeeper {
  readonly #parts: KeeperParts
  #current: Held | null = null
  #next: Held | null = null
  #failures = 0
  #trouble: string | null = null
  #wanted: string | null = null
  #cancelStart: (() => void) | null = null
  #cancelDeadline: (() => void) | null = null
  #cancelPing: (() => void) | null = null
  #restUntilMs = Number.NEGATIVE_INFINITY
  #waiters: (() => void)[] = []

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Why nothing is watched, or not all; null: all is well. */
  get trouble(): string | null {
    return this.#trouble
  }

  /** Watches anew, with the present order. Resolves when that is done, or failed. */
  async renew(reason: string): Promise<void> {
    this.#want(reason)
    await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  /** As `renew`, when there is time for it: renewing must never become the main work. */
  renewSoon(reason: string): void {
    this.#wanted ??= reason
    if (this.#cancelStart !== null || this.#next !== null) return
    const restMs = Math.max(0, this.#restUntilMs - this.#parts.clock.monotonicMs())
    this.#startIn(restMs)
  }

  stop(): void {
    for (const cancel of [this.#cancelStart, this.#cancelDeadline, this.#cancelPing]) cancel?.()
    this.#cancelStart = null
    this.#cancelDeadline = null
    this.#cancelPing = null
    this.#current?.process.end()
    this.#next?.process.end()
    this.#current = null
    this.#next = null
    this.#wanted = null
    this.#trouble = null
    this.#release()
  }

  #want(reason: string): void {
    this.#wanted ??= reason
    // Who is on the way was told an older order.
    this.#next?.process.end()
    this.#next = null
    this.#startIn(0)
  }

  #startIn(delayMs: number): void {
    this.#cancelStart?.()
    this.#cancelStart = this.#parts.clock.after(delayMs, () => this.#start())
  }

  #start(): void {
    this.#cancelStart = null
    this.#cancelDeadline?.()
    const reason = this.#wanted ?? 'the watcher was started again'
    this.#wanted = null
    const { clock, start, order } = this.#parts
    const process = start(order(), {
      heard: (message) => this.#heard(held, message, reason),
      ended: (how) => this.#lost(held, how),
    })
    const held: Held = { process, startedAtMs: clock.monotonicMs(), readyAtMs: null, unanswered: 0 }
    this.#next = held
    this.#cancelDeadline = clock.after(startMsMax, () => {
      process.end()
      this.#lost(held, `it was not ready after ${startMsMax / 1_000} s`)
    })
  }

  #heard(held: Held, message: FromWatchProcess, reason: string): void {
    switch (message.kind) {
      case 'ready':
        return this.#ready(held, reason)
      case 'changed':
        return this.#parts.heard(message)
      case 'failed':
        held.process.end()
        return this.#lost(held, message.message)
      case 'pong':
        if (held.unanswered > 1) this.#parts.watching('the watcher stood still for a while')
        held.unanswered = 0
    }
  }

  #ready(held: Held, reason: string): void {
    const nowMs = this.#parts.clock.monotonicMs()
    this.#cancelDeadline?.()
    this.#cancelDeadline = null
    this.#current?.process.end()
    this.#current = held
    this.#next = null
    held.readyAtMs = nowMs
    this.#restUntilMs = nowMs + Math.max(renewalRestMs, renewalRest * (nowMs - held.startedAtMs))
    this.#told(null)
    this.#parts.watching(reason)
    this.#release()
    this.#cancelPing?.()
    this.#pingLater(held)
    if (this.#wanted !== null) this.renewSoon(this.#wanted)
  }

  #lost(held: Held, how: string): void {
    if (held !== this.#current && held !== this.#next) return
    const wellMs = held.readyAtMs === null ? 0 : this.#parts.clock.monotonicMs() - held.readyAtMs
    this.#failures = wellMs >= wellAfterMs ? 1 : this.#failures + 1
    if (held === this.#current) {
      this.#current = null
      this.#cancelPing?.()
    } else {
      this.#next = null
      this.#cancelDeadline?.()
      this.#cancelDeadline = null
    }
    this.#told(how)
    this.#release()
    if (this.#next !== null) return
    this.#startIn(Math.min(restartMs * 2 ** (this.#failures - 1), restartMsMax))
  }

  #pingLater(held: Held): void {
    this.#cancelPing = this.#parts.clock.after(pingMs, () => {
      if (held.unanswered >= unansweredMax) {
        held.process.end()
        return this.#lost(held, `it did not answer for ${(unansweredMax * pingMs) / 1_000} s`)
      }
      held.unanswered += 1
      held.process.ping()
      this.#pingLater(held)
    })
  }

  #told(trouble: string | null): void {
    if (trouble === this.#trouble) return
    this.#trouble = trouble
    this.#parts.changed()
  }

  #release(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}
