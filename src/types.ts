/**
 * The nouns. Read this file, then `daemon/pipeline.ts` for the verbs. A path is a byte string (file names are bytes):
 * `PathBytes` holds one byte per UTF-16 unit (latin1), relative to the workspace root, '/' between segments, no leading
 * or trailing '/'. It is decoded only at the edges: `pathText` for people and for globs, `Buffer.from(path, 'latin1')`
 * for system calls. All instants are wall-clock milliseconds, all durations milliseconds.
 */
import type { Failure } from './errors.ts'
export type { Failure, FailureName } from './errors.ts'

declare const bytes: unique symbol
export type PathBytes = string & { readonly [bytes]: true }

/** Text (a command line argument, a test's literal) to the byte string of its UTF-8 form. */
export function pathBytes(text: string): PathBytes {
  return Buffer.from(text, 'utf8').toString('latin1') as PathBytes
}

/** Bytes as the system gave them in latin1 (`readdir` and `fs.watch` with `encoding: 'latin1'`), as they are. */
export function pathOfLatin1(latin1: string): PathBytes {
  return latin1 as PathBytes
}

/** For people: UTF-8 decoded; a byte that is not UTF-8 becomes U+FFFD. Not reversible, so never for system calls. */
export function pathText(path: PathBytes): string {
  return Buffer.from(path, 'latin1').toString('utf8')
}

/** A git object id, lower-case hex (40 or 64 digits). */
export type Oid = string

/** What lies at a path now, or at one commit. */
export type DiskKind = 'file' | 'link' | 'directory' | 'special'

export interface DiskEntry {
  readonly kind: DiskKind
  readonly executable: boolean
  readonly sizeBytes: number
  /** When content or metadata last changed (ctime); nobody can set it back. */
  readonly changedAtMs: number
  /** Changes whenever content, mode or identity may have: inode, size, mtime, ctime, mode. Compared, never parsed. */
  readonly fingerprint: string
}

export type FileMode = '100644' | '100755' | '120000' | '160000' | '040000'

export interface TreeEntry {
  readonly mode: FileMode
  readonly oid: Oid
}

// ---------------------------------------------------------------- events
/** A hint that something happened at a path. Whether it is a change is found by looking. */
export interface ChangeEvent {
  readonly path: PathBytes
  /** When the watcher noticed. */
  readonly atMs: number
  /** As the watcher saw it; null: nothing there. It may be stale by the time it is judged. */
  readonly entry: DiskEntry | null
  /** A directory that was not known: what lay there before may be gone. */
  readonly isNew?: boolean
}
// ---------------------------------------------------------------- rules
export type RuleAction = 'BLOCK' | 'ALLOW' | 'ANALYZE'
export type RuleLevel = 'litter' | 'workspace' | 'user' | 'built-in'

export interface Rule {
  readonly action: RuleAction
  readonly glob: string
  readonly reason: string
  readonly level: RuleLevel
  /** File the rule came from, as shown to people, and its 1-based line. */
  readonly source: string
  readonly line: number
}

/** The text of one rule file, read but not parsed. */
export interface RuleFile {
  readonly level: RuleLevel
  readonly source: string
  readonly text: string
  /**
   * Of a workspace's own file that somebody has still to acknowledge. waits: only its BLOCK rules count. before: what
   * it said when it was last acknowledged, and stays in force meanwhile. A mistake in such a file is only told.
   */
  readonly standing?: 'waits' | 'before'
}

export interface RuleMatch {
  /** null: no rule matches; `action` is then the configured default. */
  readonly rule: Rule | null
  readonly action: RuleAction
  /** Rules that match too but lost, nearest first; filled only when asked for. */
  readonly lost: readonly Rule[]
}

// ---------------------------------------------------------------- evidence
export type WriterKind = 'human' | 'agent' | 'autonomous' | 'self' | 'unknown'

/** How a program was recognised. Its arguments may hold what nobody should read, and are never kept. */
export interface WriterProgram {
  /** The file that it runs; of an interpreter, the script. */
  readonly executable: string
  /** The pattern of the configuration that its name fits, or `run`. */
  readonly rule: string
}

export interface Writer {
  readonly kind: WriterKind
  readonly name: string | null
  /** T0 own writes, T1 announcements, T2 write ledger, T3 weak hints. */
  readonly tier: 'T0' | 'T1' | 'T2' | 'T3' | null
  /** 0 to 1. */
  readonly confidence: number
  /** Declared with `run --policy`; null where nobody declared one. */
  readonly policy: 'sync' | 'block' | null
  /** Agent session whose turn wrote it; such changes are committed on their own. */
  readonly session: string | null
  /** Of a known program only. */
  readonly program?: WriterProgram
}

/** Why a path is not a change at all; null: it lies in scope. */
export type ScopeFault =
  'outside' | 'git-directory' | 'nested-repository' | 'through-symlink' | 'ignored' | 'hidden' | 'special' | 'directory'

export type ContentFormat = 'json' | 'jsonl' | 'yaml' | 'toml' | 'front-matter' | 'log' | 'backup' | 'cache' | 'other'

/** What comparing a file with its version at HEAD showed. */
export interface ContentFinding {
  readonly format: ContentFormat
  /**
   * same: byte for byte (and mode) as at HEAD. volatile: only volatile members differ. changed: anything else, also
   * what cannot be analysed. machine: untracked log, backup or cache file.
   */
  readonly outcome: 'same' | 'volatile' | 'changed' | 'machine'
  /** Members that differ, as `.a.b[2]`, at most 20. */
  readonly changed: readonly string[]
  readonly volatile: readonly string[]
  /** Why, in one line for people. */
  readonly detail: string
}

/** How a file goes on where its committed version ended; known without reading either whole. */
export interface Growth {
  readonly addedBytes: number
  /** The first of what was added, 64 KB at most. */
  readonly tail: Uint8Array
}

export interface SecretFinding {
  /** What kind of secret; never the secret itself. */
  readonly kind: string
  /** 1-based; null when the name alone, or the file as a whole, gives it away. */
  readonly line: number | null
}

/** What a look into a file shows. */
export interface Inside {
  readonly secrets: readonly SecretFinding[]
  /** nothing: remarks, names without values, references, public keys. prose: words besides. values: anything else. */
  readonly substance: 'nothing' | 'prose' | 'values'
  /** Where (from 1) a merge conflict begins that nobody settled, and that HEAD's version has not; null: nowhere. */
  readonly conflictLine: number | null
}

/** Of the very blob. diverged: without the remote's side. exposed: ignored before a pull. refused: by git, and why. */
export interface GuardEvidence extends Inside {
  /** null: the path is deleted. */
  readonly blob: { readonly oid: Oid; readonly mode: FileMode; readonly sizeBytes: number } | null
  readonly whole: boolean
  readonly refused?: string | null
  readonly staging: 'none' | 'staged' | 'unmerged'
  readonly massDeletion: boolean
  readonly diverged: boolean
  readonly exposed?: boolean
  readonly renamedTo?: string | null
  readonly acknowledged: boolean
}

/** Where the breaker has put the path's pattern. */
export type Lane =
  | { readonly kind: 'normal' }
  | { readonly kind: 'slow'; readonly pattern: string; readonly commitAtMs: number }
  | { readonly kind: 'quarantine'; readonly pattern: string; readonly signal: LoopSignal }

export type LoopSignal = 'feedback' | 'metronome'

/** Facts about one path. A layer names what it needs (`Need`); what no layer asked for stays undefined. */
export interface Evidence {
  readonly path: PathBytes
  readonly entry: DiskEntry | null
  readonly scope?: ScopeFault | null
  readonly base?: TreeEntry | null
  readonly writer?: Writer
  /** Bytes now; null: too large or impossible to read, so not analysable. */
  readonly bytes?: Uint8Array | null
  /** Bytes of `base`; null as above. */
  readonly baseBytes?: Uint8Array | null
  /** null: it does not just go on where `base` ended, or that is not known. */
  readonly growth?: Growth | null
  readonly lane?: Lane
  readonly guard?: GuardEvidence
}

export type Need = Exclude<keyof Evidence, 'path' | 'entry'>

// ---------------------------------------------------------------- verdict

export type LayerName = 'scope' | 'rules' | 'process' | 'content' | 'breaker' | 'guard' | 'default'
export type Decision = 'sync' | 'block' | 'hold'
export type PaceClass = 'immediate' | 'code' | 'default' | 'slow'

export interface TrailStep {
  readonly layer: LayerName
  readonly outcome: Decision | 'next'
  readonly detail: string
  readonly micros: number
}

export interface Verdict {
  readonly path: PathBytes
  readonly decision: Decision
  /** The layer that decided; `default` when none had a reason. */
  readonly layer: LayerName
  readonly class: PaceClass
  /** One line for people; for a hold it says what to do. */
  readonly reason: string
  readonly rule: Rule | null
  readonly content: ContentFinding | null
  readonly evidence: Evidence
  readonly trail: readonly TrailStep[]
}

export interface HeldPath {
  readonly path: PathBytes
  readonly reason: string
}

// ---------------------------------------------------------------- schedule, batch, plan, outcome

/** Why nothing is committed or pushed just now. Ends by itself unless the name says that a person is needed. */
export interface Pause {
  readonly name: string
  /** What is wrong and what to do, one line, of which `remedy` is the second half. */
  readonly detail: string
  readonly remedy?: string
  /** commit: nothing is committed (and nothing pushed). push: commits go on, pushes wait. */
  readonly stops: 'commit' | 'push'
}

export type Trigger = 'automatic' | 'turn' | 'asked'

/** Paths that leave together, in one commit, by one writer group. */
export interface Batch {
  readonly id: number
  readonly paths: readonly PathBytes[]
  /** Paths of one group may share a commit. */
  readonly group: string
  readonly trigger: Trigger
}

/** mode null: the path is deleted. */
export type PlanEntry =
  | { readonly path: PathBytes; readonly mode: FileMode; readonly oid: Oid }
  | { readonly path: PathBytes; readonly mode: null; readonly oid: null }

export interface CommitPlan {
  /** The trailer `Workspace-Sync-Id`; finds the commit again after a crash. */
  readonly id: string
  readonly ref: string
  /** null: the branch is unborn. */
  readonly base: Oid | null
  readonly entries: readonly PlanEntry[]
  /** Of the entries that the commit has: git may refuse some. */
  readonly message: string | ((entries: readonly PlanEntry[]) => string)
}

/** `leftOut`: what the plan wanted and git could not take without touching other paths, or refuses. */
export type CommitOutcome =
  | {
      readonly kind: 'committed'
      readonly oid: Oid
      readonly paths: readonly PathBytes[]
      readonly leftOut: readonly HeldPath[]
    }
  /** The tree would equal the base's: nothing to commit. */
  | { readonly kind: 'empty'; readonly leftOut: readonly HeldPath[] }
  /** What the plan was made on holds no more (HEAD, staging, an operation in progress, the files): look again. */
  | { readonly kind: 'head-moved' }
  | { readonly kind: 'hook-refused'; readonly hook: string; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: Failure }

export type PushOutcome =
  | { readonly kind: 'pushed'; readonly oid: Oid }
  /** The remote has commits that we lack. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Paths named at most in one list of what is told to the outside: a storm must not make it megabytes. */
export const pathsToldMax = 1_000
