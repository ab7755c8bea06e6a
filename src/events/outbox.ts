import type { ChangeEvent, PathBytes } from '../types.ts'
import { isBelow } from './normalize.ts'
import type { EventBatch } from './source.ts'

/** Events waiting to be taken: one a path, the latest, bounded by `eventsMax`. */
export interface Outbox {
  put(event: ChangeEvent): void
  /** Everything below `directory` is no longer of interest. */
  forget(directory: PathBytes): void
  wantRescan(reason: string): void
  isEmpty(): boolean
  take(): EventBatch
}

export function createOutbox(eventsMax: number): Outbox {
  let events = new Map<PathBytes, ChangeEvent>()
  let rescan: string | null = null
  let collapsed = false

  return {
    put(event) {
      // Whatever happens until `take` is older than the reconcile that follows it.
      if (collapsed) return
      const isNew = event.entry !== null && events.get(event.path)?.isNew === true
      events.delete(event.path)
      events.set(event.path, isNew ? { ...event, isNew } : event)
      if (events.size <= eventsMax) return
      collapsed = true
      rescan ??= `more than ${eventsMax} paths changed at once`
      events = new Map()
    },
    forget(directory) {
      for (const path of events.keys()) if (isBelow(path, directory)) events.delete(path)
    },
    wantRescan(reason) {
      rescan ??= reason
    },
    isEmpty: () => events.size === 0 && rescan === null,
    take() {
      const batch = { events: [...events.values()], rescan }
      events = new Map()
      rescan = null
      collapsed = false
      return batch
    },
  }
}
