import type { GitPause } from '../git/git.ts'
import type { Failure, Oid } from '../types.ts'
import type { Seen } from './check.ts'
import type { StatusFile } from '../report/report.ts'

/** Everything that `health` looks at, gathered by the health room; all instants by the clock of this machine. */
export interface HealthFacts {
  readonly nowMs: number
  /** How program and git are typed so that they find this workspace: `workspace-sync -C /notes`, `git -C /notes`. */
  readonly typed: { readonly program: string; readonly git: string }
  readonly git: Seen<{ readonly version: string }>
  readonly repository: Seen<RepositoryFact>
  readonly operations: Seen<OperationsFact>
  readonly identity: Seen<{ readonly failure: Failure | null }>
  readonly configuration: ConfigurationFact
  readonly disk: Seen<DiskFact>
  readonly locks: Seen<LocksFact>
  readonly state: Seen<StateFact>
  readonly daemon: Seen<DaemonFact>
  readonly capacity: Seen<CapacityFact>
  readonly remote: Seen<RemoteFact>
  readonly unsynced: Seen<UnsyncedFact>
  readonly commits: Seen<CommitsFact>
  readonly clock: Seen<ClockFact>
}

export interface OperationsFact {
  readonly pauses: readonly GitPause[]
}

export interface RepositoryFact {
  readonly result: { readonly kind: 'whole' | 'late' } | { readonly kind: 'broken'; readonly detail: string }
  readonly depth: 'connectivity' | 'all'
  readonly checkedAtMs: number
  readonly sizeBytes: number
  readonly deadlineMs: number
  /** Where lost objects can be had again; null: nowhere. */
  readonly remote: string | null
}

export interface ConfigurationFact {
  /** Each a line with its place and its remedy. */
  readonly mistakes: readonly string[]
  readonly warnings: readonly string[]
  /** Files of the workspace that wait for an `ack`. */
  readonly waiting: readonly string[]
}

export interface DiskFact {
  readonly path: string
  readonly freeBytes: number
  readonly wantedBytes: number
  /** null: the file system has no fixed number of them. */
  readonly freeInodes: number | null
}

export interface LocksFact {
  /** The process that `daemon.lock` names, and whether it lives; null: no lock. */
  readonly daemon: { readonly pid: number; readonly isAlive: boolean } | null
  readonly git: readonly GitLock[]
}

export interface GitLock {
  readonly path: string
  readonly ageMs: number
  /** A crash of this program left it: it is the very file that its token is. */
  readonly isOurs: boolean
  /** A git that runs in this workspace, or has the lock open. */
  readonly owner: { readonly pid: number; readonly command: string } | null
}

export interface StateFact {
  /** false: no daemon has ever run here. */
  readonly exists: boolean
  readonly directory: string
  /** Files that cannot be used, each with why, and what to do. */
  readonly damaged: readonly { readonly name: string; readonly why: string; readonly remedy: string }[]
  /** Others may look into the directory. */
  readonly isOpen: boolean
}

export interface DaemonFact {
  readonly ownVersion: string
  readonly running: {
    readonly pid: number
    /** silent: the process is there and gives no answer. */
    readonly answer: 'silent' | { readonly version: string }
  } | null
  /** As it says just now; null: none runs, or none that answers. */
  readonly status: StatusFile | null
}

export interface CapacityFact {
  readonly directories: number
  /** The lower of the machine's and the user namespace's limit; null: this system has none. */
  readonly watches: { readonly limit: number; readonly usedByOthers: number; readonly setting: string } | null
  readonly instances: { readonly limit: number; readonly usedByOthers: number; readonly setting: string } | null
}

export type RemoteFact =
  | { readonly kind: 'off' }
  | { readonly kind: 'detached' }
  | { readonly kind: 'no-upstream'; readonly branch: string; readonly remote: string; readonly isKnown: boolean }
  | { readonly kind: 'failed'; readonly address: string; readonly remote: string; readonly failure: Failure }
  | {
      readonly kind: 'answered'
      readonly address: string
      readonly branch: string
      readonly remote: string
      readonly tip: Oid | null
      readonly tookMs: number
    }

export interface UnsyncedFact {
  /** Paths that the rules want on the remote and that are not committed; null: not looked at, a daemon keeps count. */
  readonly paths: number | null
  readonly held: number
  /** Commits that the remote's branches, as last seen, lack. */
  readonly commits: number
}

export interface CommitsFact {
  readonly lastHour: { readonly all: number; readonly automatic: number }
  readonly lastDay: { readonly all: number; readonly automatic: number }
  /** Automatic commits an hour that the settings allow in all. */
  readonly ceilingPerHour: number
}

export interface ClockFact {
  /** Each how far ahead of this machine's clock it is; negative: behind. null: not known. */
  readonly fileSystemMs: number | null
  readonly remoteMs: number | null
  readonly headMs: number | null
}
