import type { Batch, Failure, HeldPath, Oid, PaceClass, PathBytes, Pause, PushOutcome } from '../types.ts'
import type { ScheduleOptions } from './options.ts'

/** A path whose verdict so far is `sync`, on its way into a batch. */
export interface PendingChange {
  readonly path: PathBytes
  readonly class: PaceClass
  readonly group: string
  /** When the change was last seen; restarts the quiet period. */
  readonly changedAtMs: number
  /** Only for class slow: when the breaker wants it committed, and under which pattern. */
  readonly slow: { readonly pattern: string; readonly commitAtMs: number } | null
  /** Agent session whose open turn announced it. */
  readonly session: string | null
  /** deleted or created, with the blob id: the two halves of a rename share it and leave together. */
  readonly rename: { readonly half: 'deleted' | 'created'; readonly oid: Oid } | null
  readonly sizeBytes: number
}

/**
 * What became of a batch. A path named nowhere returns to pending and is tried again soon; a newer change of it that
 * came in the meantime (such as a slow path's new instant) counts.
 */
export interface BatchResult {
  readonly committed: { readonly oid: Oid; readonly paths: readonly PathBytes[] } | null
  readonly held: readonly HeldPath[]
  /** Nothing to commit after all: as at HEAD, volatile only, blocked by now, made and deleted again. */
  readonly settled: readonly PathBytes[]
  /** Not whole yet: asked again soon. */
  readonly unsettled: readonly PathBytes[]
  readonly failure: Failure | null
  /** The plan was dropped because HEAD moved. */
  readonly headMoved: boolean
}

/** The remote's tip as seen just now. */
export interface RemoteView {
  readonly ahead: number
  readonly behind: number
}

/** `commits`: made on the way, of paths that changed here and on the remote. */
export type IntegrationResult = { readonly commits: number } &
  /** brought: commits of the remote's came in. */
  (
    | { readonly kind: 'done'; readonly ahead: number; readonly brought?: boolean }
    /** Not just now: a file is being written, or somebody else works in the repository. */
    | { readonly kind: 'later' }
    /** A pause says why. */
    | { readonly kind: 'stopped' }
    | { readonly kind: 'failed'; readonly failure: Failure }
  )

export type ScheduleInput =
  | { readonly kind: 'changes'; readonly changes: readonly PendingChange[] }
  | { readonly kind: 'settled'; readonly paths: readonly PathBytes[] }
  | { readonly kind: 'held'; readonly held: readonly HeldPath[] }
  | { readonly kind: 'turn'; readonly session: string; readonly open: boolean }
  | { readonly kind: 'batch-done'; readonly batchId: number; readonly result: BatchResult }
  | { readonly kind: 'push-done'; readonly outcome: PushOutcome }
  /** HEAD is on another commit or ref, or follows another, and it was not us: what was known of the remote is not. */
  | { readonly kind: 'head-moved' }
  /** The answer to `verify`; one that no `verify` asked for is dropped. Neither: HEAD is on nothing that is synced. */
  | { readonly kind: 'verified'; readonly view: RemoteView | null; readonly failure: Failure | null }
  /** The answer to `knock`. */
  | { readonly kind: 'knocked'; readonly answered: boolean }
  /** The answer to `integrate`. */
  | { readonly kind: 'integrated'; readonly result: IntegrationResult }
  /** One that no `reconcile` asked for counts too, but ends no trouble. */
  | { readonly kind: 'reconciled'; readonly ok: boolean; readonly failure?: Failure | null }
  /** What the watcher told could not be looked at and is lost: only a comparison that begins now makes up for it. */
  | { readonly kind: 'look-failed'; readonly failure: Failure }
  | { readonly kind: 'reconcile-wanted'; readonly reason: string }
  | { readonly kind: 'pauses'; readonly pauses: readonly Pause[] }
  /** Something that failures may come from is different now, such as git's configuration or a hook. */
  | { readonly kind: 'circumstances' }
  /** Other quiet periods, limits or intervals: they count at once, also for what waits already. */
  | { readonly kind: 'options'; readonly options: ScheduleOptions }
  | { readonly kind: 'watcher'; readonly degraded: boolean }
  /** What events have not told yet is not asked for: whoever wants everything compares the tree first. */
  | { readonly kind: 'flush'; readonly id: number; readonly paths: readonly PathBytes[] | null }
  /** sleptMs: so much of it is time in which the machine slept; 0 unless told. */
  | { readonly kind: 'clock-jumped'; readonly deltaMs: number; readonly sleptMs?: number }
  | { readonly kind: 'tick' }

export type Action =
  | { readonly kind: 'commit'; readonly batch: Batch }
  | { readonly kind: 'push' }
  | { readonly kind: 'verify' }
  /** Whether anybody is at home where the remote lies. */
  | { readonly kind: 'knock' }
  /** commitsMax: for so many commits of paths that changed here and there the budget has room. */
  | { readonly kind: 'integrate'; readonly commitsMax: number }
  | { readonly kind: 'reconcile'; readonly reason: string }
  | { readonly kind: 'answer'; readonly id: number; readonly result: FlushResult }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'wake'; readonly atMs: number }

export interface FlushResult {
  readonly ok: boolean
  readonly held: readonly HeldPath[]
  /** Why it is not on the remote; null when it is. */
  readonly problem: string | null
  /** What to do about it, where that is known. */
  readonly remedy?: string
}
