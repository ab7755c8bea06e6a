import type { CommitOutcome, CommitPlan, Failure, Oid, PathBytes, Pause, PushOutcome, TreeEntry } from '../types.ts'
import type { CommitJournal, JournalEntry, Recovery } from './journal-entry.ts'
import type { CommitChange, Merging } from './merge-engine.ts'
import type { RemoteRefs } from './remote-refs.ts'
import type { Survey } from './survey.ts'
import type { Hidden } from './hidden.ts'

export interface Head {
  /** `refs/heads/x`; null: detached. */
  readonly ref: string | null
  /** null: unborn. */
  readonly oid: Oid | null
}

/** Absolute paths of one work tree. */
export interface Repository {
  readonly root: string
  readonly gitDir: string
  /** Shared by all work trees of a repository; the git directory itself where there is one work tree only. */
  readonly commonDir: string
  readonly indexPath: string
  /** `<git dir>/workspace-sync`, mode 0700. */
  readonly stateDir: string
  readonly objectFormat: 'sha1' | 'sha256'
  /** False: the file system keeps no executable bit (`core.fileMode`). */
  readonly fileMode: boolean
  /** False: it keeps no links either (`core.symlinks`), and a file with the text of one stands for it. */
  readonly links: boolean
}

export interface Upstream {
  /** As git takes it: where it is an address, its password is in it. */
  readonly remote: string
  /** The same for people: without credentials. */
  readonly named: string
  /** The branch's name over there. */
  readonly ref: string
  /** Where it is pushed to, for people: without credentials. */
  readonly address: string
  /** The same of where its tip is asked for, when that is another address; null: it is the same. */
  readonly asked: {
    readonly address: string
    /** The setting by which it is another one. */
    readonly by: string
    /** What a person types to push to where commits come from. */
    readonly remedy: string
  } | null
  /** Why git's own push would not go there, and what a person does about it; null: it would. */
  readonly elsewhere: { readonly what: string; readonly remedy: string } | null
}

export interface PushRequest {
  readonly remote: string
  readonly oid: Oid
  /** The branch's name over there. */
  readonly upstreamRef: string
  /** The one commit that the branch may be on over there: below `oid`, or thrown away because a person said so. */
  readonly replaces?: Oid
}

/** The blob; null: vanished, unreadable, or no longer of that kind. Refused: why git will not store it, what to do. */
export type WrittenBlob = Oid | null | { readonly refused: string }

export interface CommitSummary {
  readonly oid: Oid
  readonly parents: readonly Oid[]
  /** The committer's date. */
  readonly atMs: number
  readonly subject: string
  /** The trailer `Workspace-Sync-Id`; null: not made by this program. */
  readonly id: string | null
  /** The trailer `Workspace-Sync-Host`: which clone made it. */
  readonly host: string | null
  readonly writer: string | null
  /** The commit that this one takes back. */
  readonly undoes: Oid | null
}

export type AutomaticCommit = CommitSummary & { readonly id: string }

/** Commits that were made. @throws SyncError `repository` when git cannot answer. */
export interface History {
  /** Commits of this program that `tip` has, newest first; with paths only those that touch one, or what is below. */
  automaticCommits(tip: Oid, paths: readonly PathBytes[], max: number): Promise<readonly AutomaticCommit[]>
  /** The newest commit of this program that one of `hosts` made; null: `tip` has none. */
  lastOfClone(tip: Oid, hosts: readonly string[]): Promise<AutomaticCommit | null>
  /** By any name that git understands; null: there is no such commit. */
  commit(name: string): Promise<CommitSummary | null>
  /** Compared with its parent; of a merge nothing. */
  changesOf(commit: Oid): Promise<readonly CommitChange[]>
  renamesIn(commit: Oid): Promise<readonly { readonly from: PathBytes; readonly to: PathBytes }[]>
  isAncestor(commit: Oid, tip: Oid): Promise<boolean>
  /** Commits of a branch that its upstream, as last seen, lacks; null: it has none, or there are very many. */
  unpushed(ref: string): Promise<ReadonlySet<Oid> | null>
}

/** How the bytes at a path came to be there, as far as git knows. */
export interface BlobOrigin {
  /** A commit that was not made in this clone gave the path these bytes (or deleted it). */
  readonly brought: boolean
  /** A commit made in this clone did. */
  readonly committedHere: boolean
  /** The index holds them. */
  readonly staged: boolean
  /** An attribute lets git write other bytes than it keeps: what lies there cannot be compared. */
  readonly converted: boolean
}

export interface Provenance {
  /** A merge, a rebase or another command of git is under way: what it wrote may be in no commit yet. */
  readonly isBusy: boolean
  readonly origins: ReadonlyMap<PathBytes, BlobOrigin>
}

/** `detail` is both halves of the sentence: what is so, and what a person does about it. */
export interface GitPause extends Pause {
  readonly what: string
  readonly remedy: string
  /** Of a command that git takes as things stand and that ends it, what follows `git`; null: no single one does. */
  readonly command: string | null
}

/**
 * One repository, one caller. Reading methods throw `SyncError` of kind `repository` when git cannot answer at all;
 * commit, push and what asks the remote give their failures as values.
 */
export interface GitEngine extends RemoteRefs {
  readonly name: 'native' | 'embedded'
  readonly repository: Repository
  readonly survey: Survey
  /** From the files, about 0.1 ms. */
  head(): Promise<Head>
  /** What stops commits just now: an operation in progress, a detached HEAD, unmerged entries, somebody's lock. */
  pauses(): Promise<readonly GitPause[]>
  /** What lies at each path in a commit; a path that is not there is left out. null: the empty tree. */
  entriesAt(commit: Oid | null, paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, TreeEntry>>
  /** All files and links of a commit below a directory; below '' all there are. */
  filesBelow(commit: Oid | null, directory: PathBytes): Promise<readonly PathBytes[]>
  trackedFiles(commit: Oid | null): Promise<number>
  /** Every path of the work tree that differs from HEAD or is untracked. Nested repositories are left out. */
  changedPaths(): Promise<readonly PathBytes[]>
  /** Those of `paths` that an ignore rule matches, tracked or not. A path that is a directory is asked as one. */
  ignored(paths: readonly PathBytes[]): Promise<ReadonlySet<PathBytes>>
  /** Untracked directories that an ignore rule excludes as a whole. */
  ignoredDirectories(): Promise<readonly PathBytes[]>
  /** To be called when an ignore, attributes or configuration file changed: git's helpers remember them. */
  forgetIgnores(): void
  /** Paths whose index entry is not the one of `base`: somebody staged them, or a merge left them open. */
  staging(base: Oid | null, paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, 'staged' | 'unmerged'>>
  /** Tracked paths from which git was told to look away (sparse checkout, `update-index --assume-unchanged`). */
  hidden(paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, Hidden>>
  /** The filter that stands between a file and its blob; null: none does. */
  filterOf(path: PathBytes): Promise<string | null>
  /** Stores the bytes as `git add` would, filters applied. */
  writeBlobs(
    requests: readonly { readonly path: PathBytes; readonly kind: 'file' | 'link' }[],
  ): Promise<ReadonlyMap<PathBytes, WrittenBlob>>
  /** Bytes; null: no such blob. */
  blobSize(oid: Oid): Promise<number | null>
  /** null: no such blob, or larger than `maxBytes`. */
  readBlob(oid: Oid, maxBytes: number): Promise<Uint8Array | null>
  /**
   * Resolves at the commit point, so that a push can start; the index refresh then runs on until `settled`. The
   * journal is written before the branch moves and cleared after the refresh.
   * @param stillLies asked last, while nobody can stage, merge or switch branches: whether the plan's bytes do
   */
  commit(plan: CommitPlan, journal: CommitJournal, stillLies?: () => Promise<boolean>): Promise<CommitOutcome>
  /** When the last commit's index refresh is over. A failure leaves the journal entry for `recover`. */
  settled(): Promise<Failure | null>
  /** Ends what a crash left half done and removes locks that are provably ours. Any number of times. */
  recover(entry: JournalEntry | null, journal: CommitJournal): Promise<Recovery>
  /** Of a remote with several addresses for pushes to each; `lagging`: the one that commits come from has it. */
  push(request: PushRequest): Promise<PushOutcome>
  /** Whether each further place that the remote is pushed to is known to have it. */
  isEverywhere(remote: string, ref: string, oid: Oid): Promise<boolean>
  /** How many commits of `oid` that `tip` lacks this program did not make. 0 where `tip` is not here to compare. */
  commitsOfOthers(oid: Oid, tip: Oid | null): Promise<number>
  remoteTip(remote: string, ref: string): Promise<{ readonly tip: Oid | null } | Failure>
  /** Fetches only when the remote's tip is not here yet. local null: the branch is unborn. */
  compare(
    local: Oid | null,
    tip: Oid,
    upstream: Upstream,
  ): Promise<{ readonly ahead: number; readonly behind: number } | Failure>
  /** Where the branch is pushed to; null: nowhere. `ref` is a local branch. */
  upstream(ref: string): Promise<Upstream | null>
  readonly history: History
  readonly merging: Merging
  /** Null when commits can be made in somebody's name. */
  identityFailure(): Promise<Failure | null>
  /** A text that changes when what lets us commit or push may have: configuration, passwords, keys, a push by hand. */
  access(): Promise<string>
  /** Somebody waits for the end: what still waits for the network or a hook in a few seconds is ended. */
  hurry(): void
  /**
   * Whether what lies at these paths, all below `directory`, came with commits of others. Walks the whole history of
   * the directory: for a few paths, seldom. `bytes` null: nothing is there any more.
   */
  provenance(
    directory: PathBytes,
    questions: readonly { readonly path: PathBytes; readonly bytes: Uint8Array | null }[],
  ): Promise<Provenance>
  /** Waits for the index refresh and ends the helpers. */
  close(): Promise<void>
}
