import { join } from 'node:path'
import { systemRandom } from '../platform/platform.ts'
import type { Clock } from '../platform/platform.ts'
import type { Oid } from '../types.ts'
import { gitsAtWork } from './at-work.ts'
import type { Disk, FileIdentity } from './disk.ts'
import type { Repository } from './engine.ts'

/** Refs that a git child of ours is about to move. */
export interface Claimed {
  /** By their whole names. */
  readonly refs: readonly string[]
  /** All refs below these. */
  readonly below?: readonly string[]
  /** Files of the git directory that are locked along with them. */
  readonly files?: readonly ('packed-refs' | 'shallow')[]
  /** What the refs then are; null: what the remote has, whatever that is. */
  readonly to: Oid | null
}

/**
 * Locks that git takes for us, and that a kill leaves behind. What it may take is written down before it starts, with
 * what lay there already. A lock is ours when it was not there then and is not older, holds nothing but what the child
 * would have written, has stood for a while, and no git is at work in this repository: whoever took it is dead, and
 * nobody but our child was about to write that. Any other is left alone.
 */
export interface Claims {
  /** Runs the child. What it leaves locked when it has ended stays claimed. */
  during<T>(claimed: Claimed, run: () => Promise<T>): Promise<T>
  /** Removes what is ours and left. Costs nothing when nothing is. */
  settle(): void
  /** Looks for claims of a process before this one. */
  recall(): void
}

/** A lock younger than this belongs to a command that is just running. */
export const lockPatienceMs = 3_000
/** Below `refs/workspace-sync/others`: a clone, and a conflict of it. */
const depthMax = 3

interface Claim {
  readonly locks: readonly string[]
  readonly below: readonly string[]
  readonly there: readonly string[]
  readonly to: Oid | null
}

export function createClaims({
  repository,
  disk,
  clock,
}: {
  readonly repository: Repository
  readonly disk: Disk
  readonly clock: Clock
}): Claims {
  const directory = join(repository.stateDir, 'claims')
  /** Of children that have ended, or of a process that has. */
  const left = new Set<string>()
  /** Of those that live: what one of them holds may be what another has claimed, too. */
  const living = new Map<string, Claim>()
  const settleOne = (name: string): boolean => {
    const path = join(directory, name)
    const [since, claim] = [disk.identify(path), parsed(disk.read(path))]
    if (since === null) return true
    const locks = claim === null ? [] : locksOf(disk, claim)
    for (const lock of locks) removeIfOurs(lock, since, claim?.to ?? null)
    if (locks.some((lock) => disk.identify(lock) !== null)) return false
    disk.remove(path)
    return true
  }
  const removeIfOurs = (lock: string, since: FileIdentity, to: Oid | null): void => {
    const found = disk.identify(lock)
    if (found === null || found.modifiedAtMs < since.modifiedAtMs) return
    if ([...living.values()].some((claim) => locksOf(disk, claim).includes(lock))) return
    if (clock.nowMs() - found.modifiedAtMs < lockPatienceMs) return
    if (!isWhatWeWrite(lock, disk.read(lock)?.toString('latin1') ?? '', to)) return
    if (gitsAtWork(disk, repository)?.length !== 0) return
    if (disk.identify(lock)?.fingerprint === found.fingerprint) disk.remove(lock)
  }
  return {
    async during(claimed, run) {
      const name = systemRandom.hex(8)
      const claim = claimOf(repository, disk, claimed)
      disk.makeDirectory(directory)
      disk.write(join(directory, name), JSON.stringify(claim))
      living.set(name, claim)
      try {
        return await run()
      } finally {
        living.delete(name)
        if (!settleOne(name)) left.add(name)
      }
    },
    settle() {
      for (const name of left) if (settleOne(name)) left.delete(name)
    },
    recall() {
      for (const name of disk.list(directory)) if (!living.has(name)) left.add(name)
    },
  }
}

function claimOf({ gitDir, commonDir }: Repository, disk: Disk, { refs, below = [], files = [], to }: Claimed): Claim {
  const locks = refs.map((ref) => join(ref === 'HEAD' ? gitDir : commonDir, `${ref}.lock`))
  for (const file of files) {
    const path = join(commonDir, file)
    // git writes the one anew beside its lock.
    locks.push(`${path}.lock`, ...(file === 'packed-refs' ? [`${path}.new`] : []))
  }
  const directories = below.map((prefix) => join(commonDir, prefix))
  const all = { locks, below: directories, there: [], to }
  return { ...all, there: locksOf(disk, all) }
}

/** Those that are there now, and were not. */
function locksOf(disk: Disk, { locks, below, there }: Claim): readonly string[] {
  const found = [...locks, ...below.flatMap((directory) => locksBelow(disk, directory, depthMax))]
  return found.filter((lock) => !there.includes(lock) && disk.identify(lock) !== null)
}

function locksBelow(disk: Disk, directory: string, depth: number): readonly string[] {
  if (depth === 0) return []
  return disk.list(directory).flatMap((name) => {
    const path = join(directory, name)
    return name.endsWith('.lock') ? [path] : locksBelow(disk, path, depth - 1)
  })
}

/** A ref's lock is empty until its id is written. */
function isWhatWeWrite(lock: string, text: string, to: Oid | null): boolean {
  if (/\/(packed-refs\.(lock|new)|shallow\.lock)$/.test(lock)) return true
  if (to !== null) return `${to}\n`.startsWith(text)
  return /^(?:[0-9a-f]{0,64}|ref: \S*)\n?$/.test(text)
}

function parsed(bytes: Buffer | null): Claim | null {
  try {
    const claim = JSON.parse(bytes?.toString('utf8') ?? 'null') as Partial<Record<keyof Claim, unknown>> | null
    if (typeof claim !== 'object' || claim === null) return null
    const { locks, below, there, to } = claim
    const isWhole = areNames(locks) && areNames(below) && areNames(there) && (to === null || typeof to === 'string')
    return isWhole ? { locks, below, there, to } : null
  } catch {
    // Cut off by a power cut: it claims nothing.
    return null
  }
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
