import type { DirectoryNode } from './tree.ts'

/** How long the next pass waits, in durations of the last: reading everything again must never become the main work. */
const backOff = 4

/**
 * One reading of many known directories: at start, after an overflow, when something could not be watched before. What
 * a pass finds is not told; when all of it is watched again its reason is handed on, so that a reconcile follows.
 */
export class Pass {
  readonly #onDone: (reason: string | null) => void
  #waiters: (() => void)[] = []
  #left = 0
  #reason: string | null = null
  #startedAtMs = 0
  #restUntilMs = 0

  constructor(onDone: (reason: string | null) => void) {
    this.#onDone = onDone
  }

  /** How long until another pass may begin that nobody waits for. */
  restMs(nowMs: number): number {
    return Math.max(0, this.#restUntilMs - nowMs)
  }

  /** Another reason for the pass that runs or is about to. Null gives none: the caller reconciles anyway. */
  begin(reason: string | null, nowMs: number): void {
    if (this.#left === 0) this.#startedAtMs = nowMs
    this.#reason ??= reason
  }

  join(node: DirectoryNode): void {
    if (!node.inPass) this.#left += 1
    node.inPass = true
  }

  leave(node: DirectoryNode): void {
    if (!node.inPass) return
    node.inPass = false
    this.#left -= 1
  }

  /** Resolves when the pass is over. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  /** To be called after `leave`s: ends the pass if nothing is left of it. */
  settle(nowMs: number): void {
    if (this.#left > 0 || (this.#waiters.length === 0 && this.#reason === null)) return
    this.#restUntilMs = nowMs + backOff * (nowMs - this.#startedAtMs)
    const reason = this.#reason
    this.#reason = null
    this.#onDone(reason)
    this.release()
  }

  release(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}
