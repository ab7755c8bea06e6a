import { readEntry } from '../evidence/evidence.ts'
import type { ScheduleInput } from '../schedule/schedule.ts'
import type { ChangeEvent, DiskEntry, Oid, PathBytes } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { changesIgnores } from './ignores.ts'
import { createLook, type Origin } from './look.ts'
import { regain } from './regain.ts'
import { tellHeld } from './tell-held.ts'

/** What watcher and reconcile found, on its way to being looked at. */
export interface Intake {
  addReconciled(events: readonly ChangeEvent[]): void
  /** What a comparison of the whole tree found was looked at, at least once. */
  hasReconciled(): boolean
  /** Looks at all that was noticed. When it throws, nothing is lost: the next call goes on where this one failed. */
  take(): Promise<readonly ScheduleInput[]>
}

/** What was looked at before its writer was known is looked at again. It has not changed again since. */
function attributed(parts: Parts): readonly ChangeEvent[] {
  return parts.takeAttributed().flatMap((path) => {
    const entry = readEntryOrNull(parts.engine.repository.root, path)
    return entry === null ? [] : [{ path, atMs: entry.changedAtMs, entry }]
  })
}

function readEntryOrNull(root: string, path: PathBytes): DiskEntry | null {
  try {
    return readEntry(root, path)
  } catch {
    // It cannot be looked at just now: the look that was due to its event has told so.
    return null
  }
}

export function createIntake(parts: Parts, board: Board): Intake {
  const look = createLook(parts, board)
  let waiting: readonly { readonly events: readonly ChangeEvent[]; readonly origin: Origin }[] = []
  let ready: readonly ScheduleInput[] = []
  let areIgnoresOld = false
  let hasReconciled = false
  let regainedAt: Oid | null = board.head.oid
  const add = (events: readonly ChangeEvent[], origin: Origin): void => {
    if (events.length > 0 || origin === 'reconcile') waiting = [...waiting, { events, origin }]
  }
  const notice = (): void => {
    const { events, rescan } = parts.source.take()
    board.counters.events += events.length
    add([...events, ...attributed(parts)], 'watcher')
    areIgnoresOld ||= changesIgnores(events)
    if (rescan !== null) ready = [...ready, { kind: 'reconcile-wanted', reason: rescan }]
  }
  return {
    addReconciled: (events) => add(events, 'reconcile'),
    hasReconciled: () => hasReconciled,
    async take() {
      notice()
      if (board.head.oid !== regainedAt) {
        await regain(parts, board.head.oid)
        regainedAt = board.head.oid
      }
      if (areIgnoresOld) {
        board.dealt.clear()
        board.stored.clear()
        await parts.ignores.refresh()
        await parts.source.rewatch()
        areIgnoresOld = false
      }
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        ready = [...ready, ...tellHeld(parts, board, await look(next.events, next.origin))]
        hasReconciled ||= next.origin === 'reconcile'
        waiting = waiting.slice(1)
      }
      const inputs = ready
      ready = []
      return inputs
    },
  }
}
