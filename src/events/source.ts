import type { Clock } from '../platform/platform.ts'
import type { ChangeEvent, PathBytes } from '../types.ts'

/** What every watcher gives: hints where to look, and the admission when it may have missed some. */
export interface EventSource {
  /**
   * Resolves when every directory is watched. What lies there already gives no event: the tree is reconciled at start.
   * @throws SyncError when the root is no directory or this system has no such watcher.
   */
  start(): Promise<void>
  /**
   * Everything noticed since the last call, one event a path (the latest look), oldest first. A directory that
   * vanished, or became a file or link, is one event; what was tracked below it went with it.
   */
  take(): EventBatch
  health(): WatcherHealth
  /** Stops watching a directory and all below it (git ignores it), until it is re-created or `rewatch`. */
  prune(directory: PathBytes): void
  /** Directories that are there and not watched: pruned, or with a `.git` inside. */
  unwatched(): Readonly<Record<'pruned' | 'nested', readonly PathBytes[]>>
  /** Watches one of them all the same, and tells what lies in it. */
  watch(directory: PathBytes): void
  /**
   * Asks `skip` again for every directory and forgets what was pruned. Resolves when all is watched; a `rescan` is
   * then there to take, since nobody looked at the newly watched directories before.
   */
  rewatch(): Promise<void>
  /** Releases every watch and timer; a pending `start` or `rewatch` resolves. */
  close(): void
}

export interface EventBatch {
  readonly events: readonly ChangeEvent[]
  /** Why the whole tree must be reconciled now; null: the events tell all. */
  readonly rescan: string | null
}

export interface WatcherHealth {
  readonly name: string
  /** Watched now; null: it does not say. */
  readonly directories: number | null
  /** Set: changes may go unnoticed until the next reconcile. */
  readonly degraded: { readonly reason: string; readonly remedy: string } | null
}

export interface EventSourceOptions {
  /** Absolute. May itself be a link; below it links are never followed. */
  readonly root: string
  readonly clock: Clock
  /** true: neither watched nor told about. Asked again each time a directory appears. */
  readonly skip: (directory: PathBytes) => boolean
  /** Something is there to take, or `health` changed. Called at most once until `take`. */
  readonly onReady: () => void
  /** The system told of something at this path, and nobody has looked yet: who wrote it can only be seen now. */
  readonly onNoticed?: (path: PathBytes) => void
  readonly limits?: Partial<EventLimits>
  /** auto: the system's own, `inotify` on Linux, else `parcel`. */
  readonly watcher?: 'auto' | 'inotify' | 'parcel'
  /** Directories for which `skip` is true, as far as they are known: `parcel` must be told beforehand. */
  readonly skipped?: () => Iterable<PathBytes>
  /** The compiled `parcel-child.js`, where it does not lie beside its caller: for a test that runs from source. */
  readonly parcelChild?: string
}

export interface EventLimits {
  /** Events waiting for `take`. Beyond it they collapse to one `rescan`. */
  readonly eventsMax: number
  /** Names waiting to be looked at. Beyond it every directory is read again and a `rescan` follows. */
  readonly namesMax: number
  /** Directories known, about 3.6 KB each. Beyond it the rest is not watched: degraded. */
  readonly directoriesMax: number
  /** How often the identity of the root is checked and a directory that could not be watched is tried again. */
  readonly checkMs: number
}

export const defaultLimits: EventLimits = {
  eventsMax: 20_000,
  namesMax: 50_000,
  directoriesMax: 250_000,
  checkMs: 5_000,
}
