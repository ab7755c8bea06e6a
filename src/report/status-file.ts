import type { LoopSignal, Oid, PaceClass, Writer, WriterKind } from '../types.ts'

export type DaemonState =
  'idle' | 'pending' | 'committing' | 'pushing' | 'integrating' | 'paused' | 'offline' | 'conflict' | 'degraded'

export interface Counters {
  readonly events: number
  readonly sync: number
  readonly block: number
  readonly hold: number
  readonly commits: number
  readonly pushes: number
  readonly retries: number
  readonly reconciles: number
}

export interface WriterTold {
  readonly kind: WriterKind
  readonly name: string | null
  /** T1: declared with `run`. T2: a program of the configuration. */
  readonly tier: Writer['tier']
  readonly policy: Writer['policy']
}

/** `last-status.json`: how things stood when the daemon stopped in order, for whoever asks while none runs. */
export interface LastStatus extends StatusFile {
  readonly ended: { readonly atMs: number; readonly why: string }
}

/** `status.json`: instants, not ages, so that it stays true while nobody rewrites it. Ages are the reader's. */
export interface StatusFile {
  readonly writtenAtMs: number
  /** The daemon promises to write again within this time. */
  readonly heartbeatMs: number
  readonly startedAtMs: number
  readonly pid: number
  /** Start tick of the process (field 22 of its stat line): tells a recycled pid. */
  readonly startTick: number
  /** Of the state directory (`placeOf`): tells a file that was copied along with a folder. */
  readonly place: string | null
  readonly version: string
  readonly workspace: string
  readonly branch: string | null
  /** Address without credentials; null without a remote. */
  readonly remote: string | null
  readonly engine: string
  readonly watcher: string
  /** What it cannot see, and what to do; null: nothing. */
  readonly watcherTrouble: { readonly reason: string; readonly remedy: string } | null
  readonly state: DaemonState
  readonly reason: string | null
  /** Oldest change that should be on the remote and is not. */
  readonly oldestUnsyncedAtMs: number | null
  /** The whole tree was compared with HEAD since the start, and the last comparison did not fail. */
  readonly looked: boolean
  /** When the remote's tip was last seen to be our HEAD. */
  readonly verifiedAtMs: number | null
  readonly verifyWithinMs: number
  readonly ahead: number
  readonly behind: number
  readonly pending: readonly { readonly path: string; readonly class: PaceClass; readonly dueAtMs: number }[]
  readonly budget: {
    readonly hour: { readonly used: number; readonly limit: number }
    readonly day: { readonly used: number; readonly limit: number }
  }
  readonly slow: readonly { readonly pattern: string; readonly sinceMs: number }[]
  readonly quarantine: readonly {
    readonly pattern: string
    readonly signal: LoopSignal
    readonly sinceMs: number
    readonly proposedRule: string
  }[]
  /** Why rules and settings are not in force as they lie on the disk: each mistake with its place. */
  readonly mistakes: readonly string[]
  /** Known writers of whom a process lives. */
  readonly writers: readonly WriterTold[]
  readonly held: readonly { readonly path: string; readonly reason: string }[]
  /** The workspace's own rules and settings that somebody has to agree to. They are synced like any file. */
  readonly waiting: readonly { readonly path: string; readonly reason: string }[]
  readonly lastCommit: { readonly oid: Oid; readonly atMs: number; readonly paths: readonly string[] } | null
  readonly lastPush: { readonly oid: Oid; readonly atMs: number } | null
  readonly counters: Counters
  readonly rssBytes: number
}
