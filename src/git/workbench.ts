import { setMaxListeners } from 'node:events'
import type { Clock } from '../platform/platform.ts'
import type { Claims } from './claims.ts'
import type { Disk } from './disk.ts'
import type { Repository } from './engine.ts'
import type { Git } from './run.ts'
import type { Settings } from './settings.ts'

/** Milliseconds a child may take, by what it does. A test shortens them. */
export interface Deadlines {
  /** Plumbing without a walk over the tree. */
  readonly plumbingMs: number
  /** What reads or writes a whole index or work tree. */
  readonly treeMs: number
  /** One question to a long-lived helper; filters run inside. */
  readonly helperMs: number
  readonly hookMs: number
  /** Also waits for a signing agent. */
  readonly signMs: number
  /** Asking the remote for its tip. */
  readonly listMs: number
  /** A transfer in which nothing is to be seen for so long is given up: time for pre-push and the remote's hooks. */
  readonly stillMs: number
  /** Whole transfers, however busy they look. */
  readonly transferMs: number
  /** A transfer over HTTP in which no byte moves for so long is given up; whole seconds. ssh notices by itself. */
  readonly silenceMs: number
  /** When the daemon stops: how long what is under way may still take. */
  readonly hurryMs: number
  /** How long somebody else's index.lock is waited for before the attempt is given up. */
  readonly lockMs: number
}

export const deadlinesDefault: Deadlines = {
  plumbingMs: 30_000,
  treeMs: 120_000,
  helperMs: 60_000,
  hookMs: 60_000,
  signMs: 60_000,
  listMs: 30_000,
  stillMs: 600_000,
  transferMs: 6 * 3_600_000,
  silenceMs: 60_000,
  hurryMs: 5_000,
  lockMs: 1000,
}

/** Ends what does not end by itself when the daemon stops: what waits for others, and what is very much. */
export interface Hurry {
  readonly signal: AbortSignal
  begin(): void
  /** Nothing is under way any more. */
  end(): void
}

export function createHurry(clock: Clock, graceMs: number): Hurry {
  const controller = new AbortController()
  // Every child listens, and more than ten of them are nothing to warn of.
  setMaxListeners(0, controller.signal)
  let cancel = (): void => {}
  return {
    signal: controller.signal,
    begin: () => void (cancel = clock.after(graceMs, () => controller.abort())),
    end: () => cancel(),
  }
}

/** What every part of this room works with. */
export interface Workbench {
  readonly repository: Repository
  readonly git: Git
  readonly claims: Claims
  readonly disk: Disk
  readonly clock: Clock
  readonly settings: Settings
  readonly deadlines: Deadlines
  readonly hurry: Hurry
  /** Whether pre-commit hooks run; commit-msg and pre-push always do. */
  readonly preCommit: 'skip' | 'run'
  /** From so many objects on they are shipped: one pack costs less than a sync of each. */
  readonly shipmentMin: number
  /** The directory that objects go to where nothing that is written has to last; null: it has. */
  readonly scratch: string | null
}

/** Commits with our trailer; `grep.patternType` of the user's must not change what that finds. */
export const ownCommits = ['--basic-regexp', '--grep=^Workspace-Sync-Id: '] as const

/** git 2.39 left to itself syncs nothing of a commit but packs; our own index can be made again and is left out. */
export const durable = ['-c', 'core.fsync=loose-object,reference'] as const

/** For objects that nothing leads to until they were made durable in another way. */
export const hasty = ['-c', 'core.fsync=-loose-object'] as const
