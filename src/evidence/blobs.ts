import { setImmediate as nextTurn } from 'node:timers/promises'
import { processes, type Clock } from '../platform/platform.ts'
import type { GitEngine, WrittenBlob } from '../git/git.ts'
import type { DiskEntry, FileMode, GuardEvidence, Oid, PathBytes, TreeEntry } from '../types.ts'
import { absolutePath, readEntry } from './disk.ts'
import type { Ends } from './ends.ts'
import { isBehindLink, type DirectoryFaults } from './scope.ts'

/** A file that rested this long, and that nobody has open for writing, is whole. */
const wholeAfterMs = 300
/** Programs that write again and again rest less between two writes than this, and people longer. */
const busyGapMs = 1_000
/** A smaller file is not written through memory: programs that do so keep tables, and think in pages. */
const mappedBytesMin = 16 * 1024

/** When a path was first seen with the fingerprint that it has, on the clock that never jumps. */
export interface Sighting {
  readonly fingerprint: string
  readonly monotonicMs: number
  /** How long it must rest to be whole; twice the gap between the last writes of a busy writer. */
  readonly restMs: number
}

/** @param before the last sighting of the path, of another fingerprint */
export function sighted(fingerprint: string, monotonicMs: number, before: Sighting | undefined): Sighting {
  const gapMs = before === undefined ? Infinity : monotonicMs - before.monotonicMs
  const restMs = gapMs > busyGapMs ? wholeAfterMs : Math.max(before?.restMs ?? 0, wholeAfterMs, 2 * gapMs)
  return { fingerprint, monotonicMs, restMs }
}

/** A path of a batch as it lies there now, its bytes already in the object store. */
export interface BlobFacts {
  readonly entry: DiskEntry | null
  readonly base: TreeEntry | null
  readonly blob: GuardEvidence['blob']
  readonly whole: boolean
  readonly staging: GuardEvidence['staging']
  /** Why it cannot be read though it is there; null when it can. */
  readonly unreadable: string | null
  /** Why git will not store it, and what to do: the whole reason. `unreadable` is then not null either. */
  readonly refused: string | null
}

/** Between two turns of the loop. */
const looksInARow = 500
/** Questions to git that are under way at once. */
const askedAtOnce = 64

/** Larger files are held whatever is in them, but for these blobs. */
export interface StoreLimits {
  readonly maxFileBytes: number
  readonly agreed: readonly Oid[]
}

export type BlobCollector = (
  head: Oid | null,
  paths: readonly PathBytes[],
  seen: (path: PathBytes) => Sighting | undefined,
  limits: StoreLimits,
) => Promise<ReadonlyMap<PathBytes, BlobFacts>>

/** Nothing has that id. */
const unstored = '0'.repeat(40)

/**
 * Files that are held for their size, and are not stored: each change of one would leave all of it in the object store,
 * and keep everything else waiting meanwhile. What a filter makes of a file may be small, and what is as large as at
 * HEAD, or as something that may leave, may be just that.
 */
async function tooLargeAmong(
  engine: GitEngine,
  looks: ReadonlyMap<PathBytes, Look>,
  bases: ReadonlyMap<PathBytes, TreeEntry>,
  { maxFileBytes, agreed }: StoreLimits,
): Promise<ReadonlySet<PathBytes>> {
  const found = new Set<PathBytes>()
  for (const [path, { entry }] of looks) {
    if (entry?.kind !== 'file' || entry.sizeBytes <= maxFileBytes) continue
    const base = bases.get(path)
    const sizes = await Promise.all([...agreed, ...(base === undefined ? [] : [base.oid])].map(engine.blobSize))
    if (!sizes.includes(entry.sizeBytes) && (await engine.filterOf(path)) === null) found.add(path)
  }
  return found
}

interface Look {
  readonly entry: DiskEntry | null
  readonly unreadable: string | null
}

/**
 * Writes the blobs that a commit of `paths` would hold. What is judged afterwards is read back from those blobs, so
 * nothing can change between the judgement and the commit; a blob that is held stays unreachable.
 */
export function createBlobCollector(engine: GitEngine, clock: Clock, ends: Ends): BlobCollector {
  const { root } = engine.repository
  return async (head, paths, seen, limits) => {
    const directories: DirectoryFaults = new Map()
    const looks = await lookAtEach(root, paths, directories)
    const files = paths.flatMap((path) => {
      const kind = looks.get(path)?.entry?.kind
      return kind === 'file' || kind === 'link' ? [{ path, kind }] : []
    })
    const bases = await engine.entriesAt(head, paths)
    const large = await tooLargeAmong(engine, looks, bases, limits)
    const [stagings, blobs] = await Promise.all([
      engine.staging(head, paths),
      engine.writeBlobs(files.filter(({ path }) => !large.has(path))),
    ])
    const open = openForWriting(root, files, looks)
    const factOf = async (path: PathBytes, first: Look): Promise<BlobFacts> => {
      const base = bases.get(path) ?? null
      const written = large.has(path) ? unstored : (blobs.get(path) ?? null)
      const oid = typeof written === 'string' ? written : null
      const steady = look(root, path, directories).entry?.fingerprint === first.entry?.fingerprint
      const unread = oid === null && steady && first.entry !== null && kindIsFile(first.entry)
      const refused = unread ? refusedBy(written) : null
      const blob = await blobOf(engine, oid, first.entry, base)
      // Other sizes: one of git's filters stands between.
      if (steady && first.entry !== null && blob?.sizeBytes === first.entry.sizeBytes && oid !== unstored) {
        ends.rememberFile(root, path, first.entry, blob.oid)
      }
      return {
        entry: first.entry,
        base,
        blob,
        whole: steady && !open.has(path) && hasRested(first.entry, seen(path), clock),
        staging: stagings.get(path) ?? 'none',
        unreadable: first.unreadable ?? (unread ? (refused ?? 'its bytes cannot be read') : null),
        refused,
      }
    }
    const facts = new Map<PathBytes, BlobFacts>()
    const all = [...looks]
    for (let start = 0; start < all.length; start += askedAtOnce) {
      const some = all.slice(start, start + askedAtOnce)
      const found = await Promise.all(some.map(async ([path, first]) => [path, await factOf(path, first)] as const))
      for (const [path, fact] of found) facts.set(path, fact)
    }
    return facts
  }
}

async function lookAtEach(
  root: string,
  paths: readonly PathBytes[],
  directories: DirectoryFaults,
): Promise<ReadonlyMap<PathBytes, Look>> {
  const looks = new Map<PathBytes, Look>()
  for (const path of paths) {
    looks.set(path, look(root, path, directories))
    if (looks.size % looksInARow === 0) await nextTurn()
  }
  return looks
}

function refusedBy(written: WrittenBlob): string | null {
  return written === null || typeof written === 'string' ? null : written.refused
}

function kindIsFile(entry: DiskEntry): boolean {
  return entry.kind === 'file' || entry.kind === 'link'
}

function look(root: string, path: PathBytes, directories: DirectoryFaults): Look {
  try {
    if (isBehindLink(root, path, directories)) return { entry: null, unreadable: null }
    return { entry: readEntry(root, path), unreadable: null }
  } catch (error) {
    return { entry: null, unreadable: error instanceof Error ? error.message : String(error) }
  }
}

function openForWriting(
  root: string,
  files: readonly { path: PathBytes; kind: string }[],
  looks: ReadonlyMap<PathBytes, Look>,
): ReadonlySet<PathBytes> {
  const byAbsolute = new Map(
    files
      .filter(({ kind }) => kind === 'file')
      .map(({ path }) => [absolutePath(root, path).toString('latin1'), path] as const),
  )
  const large = [...byAbsolute].filter(([, path]) => (looks.get(path)?.entry?.sizeBytes ?? 0) >= mappedBytesMin)
  const mapped = processes.mappedForWriting(new Set(large.map(([absolute]) => absolute)))
  const open = [...processes.openForWriting(new Set(byAbsolute.keys())), ...mapped]
  return new Set(open.flatMap((absolute) => byAbsolute.get(absolute) ?? []))
}

/** A deletion has nothing half written. A file never seen before is judged by ctime, which nobody can set back. */
function hasRested(entry: DiskEntry | null, sighting: Sighting | undefined, clock: Clock): boolean {
  if (entry === null) return true
  if (sighting === undefined) return clock.nowMs() - entry.changedAtMs >= wholeAfterMs
  if (sighting.fingerprint !== entry.fingerprint) return false
  return clock.monotonicMs() - sighting.monotonicMs >= sighting.restMs
}

async function blobOf(
  engine: GitEngine,
  oid: Oid | null,
  entry: DiskEntry | null,
  base: TreeEntry | null,
): Promise<GuardEvidence['blob']> {
  if (oid === null || entry === null) return null
  const sizeBytes = (await engine.blobSize(oid)) ?? entry.sizeBytes
  return { oid, mode: modeOf(engine, entry, base), sizeBytes }
}

/** Where the file system keeps no executable bit, or no links, git goes on with the mode it knows. */
function modeOf({ repository }: GitEngine, entry: DiskEntry, base: TreeEntry | null): FileMode {
  if (entry.kind === 'link' || (!repository.links && base?.mode === '120000')) return '120000'
  if (!repository.fileMode) return base?.mode === '100755' ? '100755' : '100644'
  return entry.executable ? '100755' : '100644'
}
