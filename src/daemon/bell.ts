import type { Clock } from '../platform/platform.ts'

/** Wakes one sleeper: rung while nobody sleeps, the next sleep ends at once. */
export interface Bell {
  ring(): void
  /** Replaces an earlier appointment. */
  ringIn(delayMs: number): void
  /** Resolves at the next ring, or at once when it rang since the last sleep. */
  sleep(): Promise<void>
}

export function createBell(clock: Clock): Bell {
  let rung = false
  let wake: (() => void) | null = null
  let cancel = (): void => {}
  const ring = (): void => {
    rung = true
    wake?.()
  }
  return {
    ring,
    ringIn(delayMs) {
      cancel()
      cancel = clock.after(delayMs, ring)
    },
    async sleep() {
      if (!rung) await new Promise<void>((resolve) => (wake = resolve))
      rung = false
      wake = null
      cancel()
    },
  }
}
