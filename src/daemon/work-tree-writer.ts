import { mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes, PlanEntry } from '../types.ts'
import type { OwnWrites } from '../witness/witness.ts'

/** Taken down right after each write, in the same turn of the loop. */
export interface WriteContext {
  readonly engine: GitEngine
  readonly ownWrites: OwnWrites | null
  readonly nowMs: () => number
}

/**
 * Brings files of the work tree to what a commit just made says: through a temporary file and a rename, never through
 * a link, and only where what lies there is still what was looked at.
 * @param seen fingerprints by path; null: nothing was there
 * @returns paths that changed meanwhile and were left as they are
 */
export async function bringWorkTree(
  { engine, ownWrites, nowMs }: WriteContext,
  entries: readonly PlanEntry[],
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<readonly PathBytes[]> {
  const kept: PathBytes[] = []
  const { root } = engine.repository
  // Deletions first, the deepest first: a file can then take the place of a directory.
  const deletions = entries.filter(({ mode }) => mode === null).toReversed()
  const others = entries.filter(({ mode }) => mode !== null)
  for (const entry of [...deletions, ...others]) {
    const { path } = entry
    const bytes = entry.mode === null ? null : await bytesFor(engine, entry)
    const place = absolute(root, path)
    const isAsSeen = (): boolean => fingerprintOf(root, path) === (seen.get(path) ?? null)
    try {
      if ((entry.mode !== null && bytes === null) || !isAsSeen() || !hasRealParents(root, path)) {
        kept.push(path)
        continue
      }
      if (bytes === null) remove(root, path)
      else put(engine.repository.stateDir, place, path, entry, bytes, isAsSeen)
    } catch (error) {
      if (errnoOf(error) === null) throw error
      kept.push(path)
      continue
    }
    ownWrites?.wrote(path, fingerprintOf(root, path), nowMs())
  }
  return kept
}

function bytesFor(engine: GitEngine, { path, mode, oid }: PlanEntry): Promise<Uint8Array | null> {
  if (oid === null) return Promise.resolve(null)
  return mode === '120000' ? engine.readBlob(oid, linkBytesMax) : engine.history.workTreeBytes(oid, path)
}

/** Longer than any system takes for a link. */
const linkBytesMax = 64 * 1024

function put(
  stateDir: string,
  place: Buffer,
  path: PathBytes,
  entry: PlanEntry,
  bytes: Uint8Array,
  isAsSeen: () => boolean,
): void {
  const parent = parentOf(place)
  mkdirSync(parent, { recursive: true })
  const make = (temporary: Buffer): void => {
    if (entry.mode === '120000') symlinkSync(Buffer.from(bytes), temporary)
    else writeFileSync(temporary, bytes, { flag: 'wx', mode: entry.mode === '100755' ? 0o777 : 0o666 })
  }
  // Below the git directory nobody watches; where that is another disk, beside the file.
  const name = `undo-${process.pid}.tmp`
  for (const temporary of [Buffer.from(join(stateDir, name)), Buffer.concat([parent, Buffer.from(`/.${name}`)])]) {
    rmSync(temporary, { force: true })
    try {
      make(temporary)
      if (!isAsSeen()) throw Object.assign(new Error(`${path} changed meanwhile`), { code: 'ECHANGED' })
      if (lookAt(place)?.kind === 'directory') rmdirSync(place)
      renameSync(temporary, place)
      return
    } catch (error) {
      rmSync(temporary, { force: true })
      if (errnoOf(error) !== 'EXDEV') throw error
    }
  }
}

/** Git keeps no empty directories, so neither does an undo. */
function remove(root: string, path: PathBytes): void {
  if (lookAt(absolute(root, path)) === null) return
  unlinkSync(absolute(root, path))
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    try {
      rmdirSync(absolute(root, path.slice(0, at) as PathBytes))
    } catch {
      // Something else lives there.
      return
    }
  }
}

/** No directory above it is a link or a file. Those that are missing are made. */
function hasRealParents(root: string, path: PathBytes): boolean {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const kind = lookAt(absolute(root, path.slice(0, at) as PathBytes))?.kind
    if (kind !== undefined && kind !== 'directory') return false
  }
  return true
}

/**
 * What lies there, to be compared later. A directory has no fingerprint that would stay (what is below it changes it),
 * and what cannot be looked at none that anything would be equal to.
 */
export function fingerprintOf(root: string, path: PathBytes): string | null {
  try {
    const entry = lookAt(absolute(root, path))
    return entry === null || entry.kind === 'directory' ? null : entry.fingerprint
  } catch (error) {
    const code = errnoOf(error)
    if (code === null) throw error
    return `cannot be looked at: ${code}`
  }
}

function absolute(root: string, path: PathBytes): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
}

function parentOf(place: Buffer): Buffer {
  return place.subarray(0, place.lastIndexOf(0x2f))
}
