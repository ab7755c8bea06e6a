import type { Clock } from '../platform/platform.ts'
import type { Account } from './account.ts'
import type { Roll } from './roll.ts'
import { selfTree } from './trees.ts'

/** Strangers that are read at every sample, because they are at work just now; the others are read by the census. */
const activeMax = 64
/** A stranger that rested so long is no longer at work. */
const activeMs = 5_000
/** Accounts read in one turn of the loop, about 0.02 ms each. */
const readAtOnce = 250

/** Shares of one core that looking may cost while events flow, and while nothing happens but a known writer lives. */
const sampleShare = 0.03
const restShare = 0.0005
const censusShare = 0.02

/** Reads what processes have written: known writers and busy strangers at every sample, all others in a census. */
export class Census {
  readonly #roll: Roll
  readonly #clock: Clock
  #queue: Account[] | null = null
  #startedMs = 0
  #costMs = 0
  #sampleCostMs = 0
  #done = { startMs: -Infinity, endMs: -Infinity }

  constructor(roll: Roll, clock: Clock) {
    this.#roll = roll
    this.#clock = clock
  }

  /** When the last whole census began. What happened before it is accounted for. */
  get lastStartMs(): number {
    return this.#done.startMs
  }

  get isUnderWay(): boolean {
    return this.#queue !== null
  }

  /** Between two samples. */
  periodMs(leastMs: number, isResting: boolean): number {
    return Math.max(leastMs, this.#sampleCostMs / (isResting ? restShare : sampleShare))
  }

  /** When the next census may begin. */
  nextMs(leastMs: number): number {
    return this.#done.endMs + Math.max(leastMs, this.#costMs / censusShare)
  }

  /** @param meet puts on the roll who is new. */
  sample(meet: () => void): void {
    const startedMs = this.#clock.monotonicMs()
    meet()
    for (const account of this.#roll.accounts.values()) {
      if (account.counter !== null) this.#roll.read(account, this.#clock.nowMs())
    }
    this.#sampleCostMs = this.#clock.monotonicMs() - startedMs
  }

  begin(): void {
    if (this.#queue !== null) return
    this.#startedMs = this.#clock.nowMs()
    this.#costMs = 0
    this.#queue = [...this.#roll.accounts.values()].filter(
      ({ counter, tree, goneAtMs }) => counter === null && tree !== selfTree && goneAtMs === null,
    )
  }

  /** Reads a part. @returns whether the census is over. */
  step(): boolean {
    const queue = this.#queue
    if (queue === null) return true
    const startedMs = this.#clock.monotonicMs()
    for (const account of queue.splice(0, readAtOnce)) this.#roll.read(account, this.#clock.nowMs())
    this.#costMs += this.#clock.monotonicMs() - startedMs
    if (queue.length > 0) return false
    this.#queue = null
    this.#done = { startMs: this.#startedMs, endMs: this.#clock.nowMs() }
    this.#chooseActive()
    return true
  }

  /** All of it at once. */
  finish(): void {
    this.begin()
    while (!this.step());
  }

  #chooseActive(): void {
    const nowMs = this.#clock.nowMs()
    const strangers = [...this.#roll.accounts.values()].filter(
      ({ tree, goneAtMs }) => tree === null && goneAtMs === null,
    )
    for (const one of strangers) if (one.counter !== null && nowMs - one.movedAtMs > activeMs) this.#roll.shut(one)
    const open = strangers.filter(({ counter }) => counter !== null).length
    const atWork = strangers.filter(({ counter, movedAtMs }) => counter === null && movedAtMs >= this.#done.startMs)
    for (const one of atWork.slice(0, activeMax - open)) this.#roll.open(one)
  }
}
