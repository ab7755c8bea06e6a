import type { Failure, Oid } from '../types.ts'
import type { OutgoingChange } from './outgoing-parse.ts'

/** late: it did not end within the deadline, which says nothing about the objects. */
export type Integrity =
  | { readonly kind: 'whole' }
  | { readonly kind: 'late' }
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: Failure }

export interface Ref {
  readonly name: string
  readonly oid: Oid
}

/** What is asked about a repository from the side: by the health checks, by hooks, and when all of it is taken away. */
export interface Survey {
  /** `2.39.5`: what follows the word git. */
  version(): Promise<string>
  /** A setting in force, as git prints its name; null: not set. */
  setting(key: string): Promise<string | null>
  /** Where git looks for hooks, absolute, `core.hooksPath` heeded. */
  hooksDirectory(): Promise<string>
  /** Of all objects, packed and loose. */
  objectsSizeBytes(): Promise<number>
  /** connectivity: everything that refs and index lead to is there. all: every object is also what its name says. */
  integrity(depth: 'connectivity' | 'all', deadlineMs: number): Promise<Integrity>
  /** Directories that hold a tracked file, or an untracked one that is not ignored; the root counts. */
  directories(): Promise<number>
  /** Commits of HEAD since an instant, and how many of them this program made. */
  commitsSince(sinceMs: number): Promise<{ readonly all: number; readonly automatic: number }>
  /** When HEAD was committed, by the clock that was in force there; null: unborn. */
  headCommittedAtMs(): Promise<number | null>
  /** Commits of HEAD that no known branch of the remote has. */
  unpushed(remote: string): Promise<number>
  remotes(): Promise<readonly { readonly name: string; readonly addresses: readonly string[] }[]>
  refs(prefix: string): Promise<readonly Ref[]>
  /** @throws SyncError when one of them has moved, or is locked. */
  removeRefs(refs: readonly Ref[]): Promise<void>
  outgoing(request: OutgoingRequest): Promise<Outgoing>
  /** Whether a commit of this history brought the blob or took it away; false also where that is not known in time. */
  knows(tip: Oid, blob: Oid, deadlineMs: number): Promise<boolean>
}

export interface OutgoingRequest {
  /** Commits or annotated tags about to be pushed. */
  readonly tips: readonly Oid[]
  /** What the remote says it has; what is not here to compare with is passed over. */
  readonly known: readonly Oid[]
  /** Its remote-tracking branches are on the remote already; null: nothing is known to be there. */
  readonly remote: string | null
  /** Of more commits only the newest are looked at. */
  readonly commitsMax: number
  readonly deadlineMs: number
}

export interface Outgoing {
  readonly commits: number
  /** There are more commits than `commitsMax`, or listing them did not end in time. */
  readonly isCut: boolean
  /** In the order in which they were committed. */
  readonly changes: readonly OutgoingChange[]
  /** What is missing among the objects that would be sent; null: nothing. */
  readonly broken: Failure | null
}
