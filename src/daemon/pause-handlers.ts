import type { ControlHandlers } from '../control/control.ts'
import type { Parts } from './board.ts'
import { written } from './failure.ts'
import type { Pipeline } from './pipeline.ts'
import { byHand } from './user-pause.ts'

/** A push of much may take longer; whoever paused is told so instead of waiting for it. */
const settleMsMax = 10_000
const lookMs = 20

/** What the daemon does at `pause` and `resume`. Both answer when `status` shows it. */
export function pauseHandlers(
  parts: Parts,
  pipeline: Pipeline,
  told: () => void,
): Pick<ControlHandlers, 'pause' | 'resume'> {
  const isPaused = (): boolean => pipeline.view().reason === byHand
  /** @returns false: it took too long. */
  const untilSo = async (condition: () => boolean): Promise<boolean> => {
    const startMs = parts.clock.monotonicMs()
    pipeline.doubt()
    pipeline.ring()
    while (!condition()) {
      if (parts.clock.monotonicMs() - startMs > settleMsMax) return false
      await new Promise<void>((resolve) => parts.clock.after(lookMs, resolve))
    }
    return true
  }
  return {
    async pause({ by, forMs }) {
      written(() => parts.pause.set(by, forMs))
      const settled = await untilSo(() => isPaused() && pipeline.view().phase === 'paused')
      told()
      return { untilMs: parts.pause.untilMs(), settled }
    },
    async resume() {
      const wasPaused = written(() => parts.pause.end())
      await untilSo(() => !isPaused())
      told()
      return { wasPaused }
    },
  }
}
