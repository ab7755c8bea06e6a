import type { Failure, Oid, PathBytes, PlanEntry, TreeEntry } from '../types.ts'
import type { CommitJournal, JournalEntry } from './journal-entry.ts'
import type { Coming, Reached } from './reached.ts'

export type BuiltTree =
  /** Not whole: there were names that git never tracks, and it left them out. */
  | { readonly kind: 'tree'; readonly tree: Oid; readonly isWhole: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What a commit did to one path; null: nothing lay, or lies, there. */
export interface CommitChange {
  readonly path: PathBytes
  readonly before: TreeEntry | null
  readonly after: TreeEntry | null
}

/**
 * A path that git could not merge by itself; null: that side, or the common ancestor, has nothing there. The sides of
 * one that somebody renamed are those of the old name.
 */
export interface OpenPath {
  readonly path: PathBytes
  readonly base: TreeEntry | null
  readonly ours: TreeEntry | null
  readonly theirs: TreeEntry | null
}

export type Merged =
  /** `tree` holds everything that was settled, and for each open path whatever git put there. */
  | {
      readonly kind: 'merged'
      readonly tree: Oid
      readonly open: readonly OpenPath[]
    }
  | { readonly kind: 'unrelated' }
  | { readonly kind: 'failed'; readonly failure: Failure }

export type AdvanceOutcome =
  | { readonly kind: 'advanced' }
  /** HEAD moved, or an operation of the user's began. */
  | { readonly kind: 'head-moved' }
  /** `bring` found that the work tree is not what was looked at. */
  | { readonly kind: 'tree-moved' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Whose name and date a commit bears; null: the configured ones, and now. */
export interface Authorship {
  readonly name: string
  readonly email: string
  /** As `%ad` with `--date=raw` prints it. */
  readonly date: string
}

/** Bytes of one file: what both sides began with, and what each made of it. */
export interface Versions {
  readonly base: Uint8Array
  readonly ours: Uint8Array
  readonly theirs: Uint8Array
}

/** How commits lie to each other, and what one says of itself. */
export interface Lineage {
  treeOf(commit: Oid): Promise<Oid>
  /** What lies at each path in a tree; a path that is not there is left out. */
  entriesIn(tree: Oid, paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, TreeEntry>>
  /** from null: nothing. */
  changesBetween(from: Oid | null, to: Oid): Promise<readonly CommitChange[]>
  /** Commits that `tip` has and `without` lacks, the oldest first; at most `max`. */
  commitsBetween(without: Oid, tip: Oid, max: number): Promise<readonly Oid[]>
  messageOf(commit: Oid): Promise<{ readonly message: string; readonly author: Authorship }>
  /** Which of `commits` the branch has been on or has had since its reflog began. */
  wereHere(ref: string, commits: readonly Oid[]): Promise<ReadonlySet<Oid>>
}

/** What brings a remote's commits in. Nothing moves the branch but `advance`. */
export interface Merging extends Lineage {
  /** What of the work tree git runs or reads configuration from, by whatever links, and with what comes. */
  programs(coming: Coming | null): Promise<Reached>
  /** What of the work tree git reads ignore rules from, beside the `.gitignore` files. */
  ignoreFiles(): Promise<Reached>
  /** What an ignore rule leaves out: a directory that is left out as a whole, or a file. */
  ignoredPaths(): Promise<readonly PathBytes[]>
  /**
   * Merges two commits without touching index, work tree or refs.
   * @param apart they may have no commit in common: then what both have was added by both
   */
  merge(ours: Oid, theirs: Oid, apart?: 'apart'): Promise<Merged>
  /** The same for a commit that is to be put on another one: what lies between it and its parent is merged. */
  replay(commit: Oid, parent: Oid, onto: Oid): Promise<Merged>
  /** Merges what two sides made of a text, as git would at that path; null: they disagree. */
  mergeTexts(path: PathBytes, versions: Versions): Promise<Uint8Array | null>
  /** A tree with exactly these entries changed; null: the empty one. */
  tree(base: Oid | null, entries: readonly PlanEntry[]): Promise<BuiltTree>
  /** Bytes as they are, no filter. */
  writeBlob(bytes: Uint8Array): Promise<Oid>
  commit(request: {
    readonly tree: Oid
    readonly parents: readonly Oid[]
    readonly message: string
    readonly author: Authorship | null
  }): Promise<{ readonly oid: Oid } | Failure>
  /**
   * Writes files of a commit, as they would lie in the work tree, below an empty directory of ours.
   * @returns that directory; what a filter failed on is missing there
   */
  stage(commit: Oid, paths: readonly PathBytes[], attributesChange: boolean): Promise<string>
  /**
   * Moves the branch on to a commit that is there already. The index is locked before `bring` is asked to make the
   * work tree follow, and moved on afterwards for `paths`, but never where somebody staged something.
   */
  advance(
    move: JournalEntry & { readonly reason: string },
    journal: CommitJournal,
    bring: () => Promise<boolean>,
  ): Promise<AdvanceOutcome>
  /** Creates or moves a ref of ours. */
  pointRef(name: string, oid: Oid): Promise<Failure | null>
}
