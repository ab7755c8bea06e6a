import type { Failure, Oid, PathBytes } from '../types.ts'

/** What has to be known after a crash to finish a commit or to forget it. Plain JSON. */
export interface JournalEntry {
  readonly id: string
  readonly ref: string
  readonly base: Oid | null
  readonly commit: Oid
  /** One byte per unit (latin1), as everywhere inside. */
  readonly paths: readonly PathBytes[]
}

/** Where the caller keeps the entry. `write` returns when it is on disk as a whole; it may throw a system error. */
export interface CommitJournal {
  write(entry: JournalEntry | null): void
}

export interface Recovery {
  /** The journalled commit, when the branch has it. */
  readonly committed: { readonly oid: Oid; readonly paths: readonly PathBytes[] } | null
  /** Why the index could not be brought up to date yet; the entry stays and `recover` can be asked again. */
  readonly failure: Failure | null
}
