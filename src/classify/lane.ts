import { shellPath } from '../shell.ts'
import type { LoopSignal } from '../types.ts'
import { gathered, type Layer } from './layers.ts'
import { oneLine } from './quoting.ts'

const signals: Readonly<Record<LoopSignal, string>> = {
  feedback: 'is written again right after each commit',
  metronome: 'is written at a regular beat for hours',
}

/** Asks where the loop breaker has put the path. What a rule ALLOWs or a person or open turn wrote it never minds. */
export const laneLayer: Layer = {
  name: 'breaker',
  *ask(evidence, { allowed }) {
    if (allowed) return { outcome: 'next', detail: 'not asked: an ALLOW rule stands' }
    const attributed = yield* gathered(evidence, 'writer')
    const { kind, session } = attributed.writer
    if (kind === 'human' || session !== null) {
      return { outcome: 'next', detail: 'not asked: written by a person or in an open turn' }
    }
    const { lane, path } = yield* gathered(attributed, 'lane')
    if (lane.kind === 'normal') return { outcome: 'next', detail: 'no sign of a loop' }
    const pattern = oneLine(lane.pattern)
    if (lane.kind === 'slow') {
      const why = `${pattern} was committed again and again, and it is not known by whom`
      const detail = `${why}: kept to the slow pace; at once again: workspace-sync release ${shellPath(path)}`
      return { outcome: 'sync', class: 'slow', detail }
    }
    const remedy = `write a rule for it, or: workspace-sync release ${shellPath(path)}`
    return { outcome: 'hold', detail: `${pattern} ${signals[lane.signal]} (${lane.signal}): ${remedy}` }
  },
}
