import { constants } from 'node:fs'
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes, PlanEntry } from '../types.ts'
import { absolute, fingerprintOf, parentOf } from './at-path.ts'
import { contentState, setAside, writtenMeanwhile, type Replaced } from './second-names.ts'

export interface PlaceContext {
  readonly root: string
  /** Where the whole files lie, each under its own path. */
  readonly staged: string
  /** A directory of ours for what is replaced, on the same disk where possible. */
  readonly aside: string
  /** Told right after each write, in the same turn of the loop; null: nothing is there now. */
  readonly wrote: (path: PathBytes, fingerprint: string | null) => void
}

/** Files placed in one turn of the loop: some ten milliseconds. */
const placedAtOnce = 256
/** Files that are flushed to the disk at the same time: the file system then gathers them. */
const flushedAtOnce = 32

/**
 * Brings paths of the work tree to what lies ready in `staged`: whole files by rename, never through a link, and only
 * where what lies there is still what was looked at. Files and directories are on the disk when it ends.
 * @param seen fingerprints by path; null: nothing was there
 * @returns what was left as its owner has it. @throws the system's error when the disk takes nothing more
 */
export async function placeFiles(
  context: PlaceContext,
  entries: readonly PlanEntry[],
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<Placed> {
  const present = entries.filter(({ mode }) => mode !== null)
  await flush(
    present.flatMap(({ path, mode }) => (mode === '120000' ? [] : [absolute(context.staged, path)])),
    flushedAtOnce,
  )
  rmSync(context.aside, { recursive: true, force: true })
  mkdirSync(context.aside, { recursive: true, mode: 0o700 })
  const moved: PathBytes[] = []
  const refused: { path: PathBytes; code: string }[] = []
  const replaced: Replaced[] = []
  // Deletions first, the deepest first: a file can then take the place of a directory.
  const deletions = entries.filter(({ mode }) => mode === null).toSorted((a, b) => (a.path < b.path ? 1 : -1))
  for (const [at, entry] of [...deletions, ...present].entries()) {
    // Whoever asks for the status meanwhile, or for the end, is heard.
    if (at % placedAtOnce === placedAtOnce - 1) await new Promise(setImmediate)
    const { path } = entry
    try {
      if (entry.mode !== null && hasRealParents(context.root, path)) makeRoom(context, path)
      const before = setAside(context, path)
      if (before !== null) replaced.push(before)
      if (!isAsSeen(context.root, path, seen, before) || !hasRealParents(context.root, path)) {
        moved.push(path)
        continue
      }
      if (entry.mode === null) remove(context.root, path)
      else put(context, path)
    } catch (error) {
      const code = errnoOf(error)
      if (code === null || everybodys.has(code)) throw error
      refused.push({ path, code })
      continue
    }
    context.wrote(path, fingerprintOf(context.root, path))
  }
  moved.push(...writtenMeanwhile(context.root, replaced))
  await flush(directoriesOf(context.root, entries), flushedAtOnce)
  rmSync(context.aside, { recursive: true, force: true })
  return { moved, refused }
}

/** What was to lie ready and does not: a filter of git failed on it. */
export function lackingIn(staged: string, entries: readonly PlanEntry[]): readonly PathBytes[] {
  return entries.filter(({ path, mode }) => mode !== null && !liesIn(staged, path)).map(({ path }) => path)
}

/** Whether something lies below a directory by the path's name. */
export function liesIn(directory: string, path: PathBytes): boolean {
  return lookAt(absolute(directory, path)) !== null
}

/** What a disk says to everybody, not of one path. */
const everybodys = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])

export interface Placed {
  /** Changed meanwhile, or reached through something else by now. */
  readonly moved: readonly PathBytes[]
  /** The system does not let it be written, each with its error. */
  readonly refused: readonly { readonly path: PathBytes; readonly code: string }[]
}

/**
 * Asked last, when all that takes time is done. With a second name the file's own state is comparable no more (its
 * ctime moved): what was seen is compared with how it was before, and the second name with what lies there now.
 */
function isAsSeen(
  root: string,
  path: PathBytes,
  seen: ReadonlyMap<PathBytes, string | null>,
  before: Replaced | null,
): boolean {
  if (before === null) return fingerprintOf(root, path) === (seen.get(path) ?? null)
  if (before.fingerprint !== (seen.get(path) ?? null)) return false
  const [there, aside] = [lstatSync(absolute(root, path), { bigint: true }), lstatSync(before.aside, { bigint: true })]
  return there.ino === aside.ino && contentState(before.aside) === before.state
}

/** Everything but the rename itself. */
function makeRoom({ root, staged }: PlaceContext, path: PathBytes): void {
  const [from, to] = [absolute(staged, path), absolute(root, path)]
  mkdirSync(parentOf(to), { recursive: true })
  const old = lookAt(to)
  if (old?.kind === 'file' && lookAt(from)?.kind === 'file') keepPermissions(from, to)
  if (old?.kind === 'directory') removeEmpty(to)
}

/** With the empty directories in it, which git does not know. @throws the system's error for anything else in it. */
function removeEmpty(directory: Buffer): void {
  for (const name of readdirSync(directory, { encoding: 'buffer' })) {
    const below = Buffer.concat([directory, Buffer.from('/'), name])
    if (lookAt(below)?.kind === 'directory') removeEmpty(below)
  }
  rmdirSync(directory)
}

function put({ root, staged }: PlaceContext, path: PathBytes): void {
  const [from, to] = [absolute(staged, path), absolute(root, path)]
  try {
    renameSync(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
    putFromAnotherDisk(from, to)
  }
}

/** What somebody closed to others stays closed; only whether it can be run comes with the commit. */
function keepPermissions(from: Buffer, to: Buffer): void {
  const rights = lstatSync(to).mode & 0o666
  const isExecutable = (lstatSync(from).mode & 0o100) !== 0
  chmodSync(from, isExecutable ? rights | ((rights & 0o444) >> 2) : rights)
}

/** Through a temporary file beside its place. */
function putFromAnotherDisk(from: Buffer, to: Buffer): void {
  const temporary = Buffer.concat([parentOf(to), Buffer.from(`/.workspace-sync-${process.pid}.tmp`)])
  rmSync(temporary, { force: true })
  try {
    if (lookAt(from)?.kind === 'link') symlinkSync(readlinkSync(from, 'buffer'), temporary)
    else copyFileSync(from, temporary, constants.COPYFILE_EXCL)
    renameSync(temporary, to)
    unlinkSync(from)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function remove(root: string, path: PathBytes): void {
  if (lookAt(absolute(root, path)) === null) return
  unlinkSync(absolute(root, path))
  removeEmptyAbove(root, path)
}

/** Git keeps no empty directories, so neither is one left here. */
export function removeEmptyAbove(root: string, path: PathBytes): void {
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

/** Of every path, the directory that names it; of one that is gone, the nearest that is left. */
function directoriesOf(root: string, entries: readonly PlanEntry[]): readonly Buffer[] {
  const found = new Map<string, Buffer>()
  for (const { path } of entries) {
    let at = path.lastIndexOf('/')
    while (at > 0 && lookAt(absolute(root, path.slice(0, at) as PathBytes)) === null) at = path.lastIndexOf('/', at - 1)
    const directory = at > 0 ? absolute(root, path.slice(0, at) as PathBytes) : Buffer.from(root)
    found.set(directory.toString('latin1'), directory)
  }
  return [...found.values()]
}

/** @throws the system's error when a disk does not take it. */
async function flush(paths: readonly Buffer[], atOnce: number): Promise<void> {
  for (let start = 0; start < paths.length; start += atOnce) {
    await Promise.all(paths.slice(start, start + atOnce).map(flushOne))
  }
}

async function flushOne(path: Buffer): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    // A filter failed on it, so that it was never staged; or somebody removed the directory again.
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  })
  if (file === null) return
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
