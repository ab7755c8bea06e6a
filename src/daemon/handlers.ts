import type { ControlInput } from '../control/control.ts'
import type { Board, Parts } from './board.ts'
import type { Pipeline } from './pipeline.ts'
import { composeStatus, type StatusSource } from './status.ts'

/** A flush that has not reached the remote by then is told as a problem; the work goes on. */
const syncMsMax = 15 * 60_000

/** What the daemon does when the command line asks. */
export function controlHandlers(
  parts: Parts,
  board: Board,
  pipeline: Pipeline,
  source: StatusSource,
  stop: (reason: string) => void,
  told: () => void,
): ControlInput['handlers'] {
  const identity = { ...source.identity, version: source.version }
  const agree = (): void => {
    if (parts.state.value.firstSync) return
    parts.state.update({ firstSync: true })
    pipeline.doubt()
  }
  return {
    ping: () => identity,
    status: () => composeStatus(parts, board, source),
    stop() {
      stop('asked to')
      return identity
    },
    async sync({ paths }) {
      agree()
      const late = new Promise<void>((resolve) => parts.clock.after(syncMsMax, resolve))
      const problem = 'not on the remote after 15 minutes; `workspace-sync status` says what it waits for'
      const result = await Promise.race([pipeline.sync(paths), late.then(() => ({ ok: false, held: [], problem }))])
      told()
      return result
    },
    release({ paths }) {
      const released = paths.map((path) => ({ path, patterns: parts.breaker.release(path) }))
      const patterns = [...new Set(released.flatMap((one) => one.patterns))]
      if (patterns.length > 0) {
        // What was held for them was dealt with; now it is looked at again.
        board.dealt.clear()
        pipeline.tell({ kind: 'reconcile-wanted', reason: 'released' })
      }
      return { patterns, unaffected: released.filter((one) => one.patterns.length === 0).map((one) => one.path) }
    },
    consent() {
      agree()
      pipeline.ring()
      return {}
    },
  }
}
