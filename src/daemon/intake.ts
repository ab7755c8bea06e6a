import type { ScheduleInput } from '../schedule/schedule.ts'
import type { ChangeEvent } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { changesIgnores } from './ignores.ts'
import { createLook, type Origin } from './look.ts'
import { tellHeld } from './tell-held.ts'

/** What watcher and reconcile found, on its way to being looked at. */
export interface Intake {
  addReconciled(events: readonly ChangeEvent[]): void
  /** Looks at all that was noticed. When it throws, what was not looked at yet is kept for the next call. */
  take(): Promise<readonly ScheduleInput[]>
}

export function createIntake(parts: Parts, board: Board): Intake {
  const look = createLook(parts, board)
  let waiting: readonly { readonly events: readonly ChangeEvent[]; readonly origin: Origin }[] = []
  const add = (events: readonly ChangeEvent[], origin: Origin): void => {
    if (events.length > 0) waiting = [...waiting, { events, origin }]
  }
  return {
    addReconciled: (events) => add(events, 'reconcile'),
    async take() {
      const { events, rescan } = parts.source.take()
      board.counters.events += events.length
      add(events, 'watcher')
      if (changesIgnores(events)) {
        board.dealt.clear()
        await parts.ignores.refresh()
        await parts.source.rewatch()
      }
      const inputs: ScheduleInput[] = rescan === null ? [] : [{ kind: 'reconcile-wanted', reason: rescan }]
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        inputs.push(...tellHeld(parts, board, await look(next.events, next.origin)))
        waiting = waiting.slice(1)
      }
      return inputs
    },
  }
}
