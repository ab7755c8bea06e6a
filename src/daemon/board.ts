import type { LRUCache } from 'lru-cache'
import type { Breaker, Classifier } from '../classify/classify.ts'
import type { Config } from '../config/config.ts'
import type { EventSource } from '../events/events.ts'
import { sighted, type EvidenceRoom, type Sighting } from '../evidence/evidence.ts'
import type { CommitJournal, GitEngine, Head } from '../git/git.ts'
import type { Clock, Random } from '../platform/platform.ts'
import { recent } from '../recent.ts'
import type { Reporter } from '../report/report.ts'
import type { HeldPath, DiskEntry, Oid, PathBytes, TreeEntry, Verdict } from '../types.ts'
import type { Listeners } from './decision-stream.ts'
import type { Observer, OwnWrites, Witness } from '../witness/witness.ts'
import type { Home } from './home.ts'
import type { Ignores } from './ignores.ts'
import type { Live } from './live.ts'
import type { Made } from './push-steps.ts'
import type { LivingWriter } from './living-writers.ts'
import type { DaemonLock } from './lock.ts'
import type { Rewritten } from './rewritten.ts'
import type { State } from './state-schema.ts'
import type { StateStore } from './state-file.ts'
import { Turnstile } from './turnstile.ts'
import type { UserPause } from './user-pause.ts'

/** The real parts of one daemon, built by `daemon.ts`, or by a test. */
export interface Parts {
  /** What `config`, `classifier` and `pushEnabled` come from; they change while the daemon runs. */
  readonly live: Live
  readonly config: Config
  readonly engine: GitEngine
  readonly source: EventSource
  readonly classifier: Classifier
  readonly breaker: Breaker
  readonly evidence: EvidenceRoom
  readonly witness: Witness
  readonly ownWrites: OwnWrites
  readonly listeners: Listeners
  /** Sees who writes, as it happens; null where nothing is watched. */
  readonly observer: Observer | null
  /** For people; several processes of one program are several. */
  readonly livingWriters: () => readonly LivingWriter[]
  /** Paths whose writer became known after they were looked at. Empties the list. */
  readonly takeAttributed: () => readonly PathBytes[]
  readonly clock: Clock
  readonly random: Random
  readonly state: StateStore
  readonly journal: CommitJournal
  readonly lock: DaemonLock
  readonly home: Home
  readonly pause: UserPause
  readonly report: Reporter
  /** Decide and tell, commit nothing. */
  readonly dryRun: boolean
  readonly ignores: Ignores
  /** As it was started. */
  readonly pushAllowed: boolean
  readonly pushEnabled: boolean
  readonly seed: number
}

/** Paths whose last look is remembered; a forgotten one is only looked at once more than needed. */
const sightingsMax = 200_000
const dealtMax = 50_000
/** Blob ids of deleted files, to find the other half of a rename. */
const deletedMax = 20_000
/** A forgotten one is told a second time. */
const heldToldMax = 10_000

export interface Deletion {
  readonly oid: Oid
  readonly atMs: number
}

/** Where a file was renamed to, if it is not synced there. */
export interface LostName {
  readonly path: PathBytes
  /** Why not. */
  readonly reason: string
}

/** What the daemon remembers of its workspace between two looks. All of it can be found again by a reconcile. */
export interface Board {
  head: Head
  /** Since when a path has had its present fingerprint. */
  readonly sightings: LRUCache<PathBytes, Sighting>
  /** Fingerprint and base with which a path was last found to need nothing: the same again is no news. */
  readonly dealt: LRUCache<PathBytes, string>
  /**
   * The same for what was committed or brought as it lies there. A filter that never stores the same bytes twice, as
   * encryption with a salt does, lets git call such a file modified for ever.
   */
  readonly stored: LRUCache<PathBytes, string>
  readonly deletions: LRUCache<PathBytes, Deletion>
  /** What the daemon before this one deleted in its last minutes: a script's deletions may be committed by several. */
  readonly deletedBefore: State['deleted']
  /** By blob id: files that were renamed to where they are not synced. */
  readonly lostNames: LRUCache<Oid, LostName>
  /** Why a path was last told to be held: the same again is no news. */
  readonly heldTold: LRUCache<PathBytes, string>
  /** Paths that a commit could not take and that wait for another path: the next commit may have cleared the way. */
  readonly leftOut: LRUCache<PathBytes, true>
  /** Batches and undos: one commit at a time. */
  readonly commits: Turnstile
  /** A commit of ours is under way: HEAD moving now is no news. */
  committing: boolean
  /** What lets us in (`GitEngine.access`), as it was when a person was last needed; null: nobody has been since. */
  access: string | null
  /** Where the branch is pushed to, without credentials; null: nowhere. */
  remoteAddress: string | null
  /** What HEAD follows over there; undefined: not asked yet, null: nothing. */
  following: string | null | undefined
  /** Since when something here keeps the remote's commits waiting; null: nothing does. */
  waitsSinceMs: number | null
  /** History was changed, here or there, and a person has to say which one counts. Only while HEAD is there. */
  rewritten: Rewritten | null
  /** What the last integration left as it is here, for the schedule to hold. */
  newlyHeld: readonly HeldPath[]
  /** Paths of which both sides are kept, until somebody says which one counts. */
  conflicts: readonly PathBytes[]
  /** The remote, and the refs of conflicts that it was last known to have; null: it has to be asked. */
  mirrored: string | null
  /** When, on the clock that never jumps. */
  mirroredAtMs: number
  /** How often in a row it did not take them. */
  mirrorsFailed: number
  /** The user's index as our last refresh left it: a change to that is no news either. */
  ownIndex: string | null
  lastCommit: { readonly oid: Oid; readonly atMs: number; readonly paths: readonly string[] } | null
  /** What was committed here since the last push, oldest first. */
  unpushed: readonly Made[]
  /** A commit of which no push would send a secret that nobody answers for; null: none was looked at. */
  lookedThrough: Oid | null
  lastPush: { readonly oid: Oid; readonly atMs: number } | null
  readonly counters: {
    events: number
    sync: number
    block: number
    hold: number
    commits: number
    pushes: number
    reconciles: number
  }
}

/** @param before what was done before this daemon was started */
export function createBoard(head: Head, before: Pick<Board, 'lastCommit' | 'lastPush' | 'deletedBefore'>): Board {
  return {
    head,
    unpushed: [],
    lookedThrough: null,
    leftOut: recent(heldToldMax),
    commits: new Turnstile(),
    committing: false,
    access: null,
    remoteAddress: null,
    following: undefined,
    waitsSinceMs: null,
    rewritten: null,
    newlyHeld: [],
    conflicts: [],
    mirrored: null,
    mirroredAtMs: 0,
    mirrorsFailed: 0,
    ownIndex: null,
    ...before,
    sightings: recent(sightingsMax),
    dealt: recent(dealtMax),
    stored: recent(dealtMax),
    deletions: recent(deletedMax),
    lostNames: recent(deletedMax),
    heldTold: recent(heldToldMax),
    counters: { events: 0, sync: 0, block: 0, hold: 0, commits: 0, pushes: 0, reconciles: 0 },
  }
}

/** @returns whether the path lies there otherwise than at the last look. */
export function see({ clock }: Parts, board: Board, path: PathBytes, fingerprint: string): boolean {
  const before = board.sightings.get(path)
  if (before?.fingerprint === fingerprint) return false
  board.sightings.set(path, sighted(fingerprint, clock.monotonicMs(), before))
  return true
}

export function rememberDealt(board: Board, { path, evidence }: Verdict): void {
  if (evidence.base !== undefined) board.dealt.set(path, dealtMark(evidence.entry, evidence.base))
}

/** For `dealt`. The path's version at HEAD is part of it: somebody's commit can make an old change a new one. */
export function dealtMark(entry: Pick<DiskEntry, 'fingerprint'> | null, base: TreeEntry | null): string {
  return `${entry?.fingerprint ?? 'gone'} ${base?.mode} ${base?.oid}`
}
