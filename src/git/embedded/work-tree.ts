import { readdirSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { errnoOf } from '../../errors.ts'
import { repositoryError } from '../failures.ts'
import { pathOfLatin1 } from '../../types.ts'
import type { FileMode, PathBytes, TreeEntry } from '../../types.ts'
import { readHead } from '../heads.ts'
import { currentIgnores } from './ignores.ts'
import type { IgnoreRules } from './ignores.ts'
import { readWholeIndex } from './index-file.ts'
import type { IndexFile, IndexFileEntry } from './index-file.ts'
import { conditionFailure } from './needs-git.ts'
import { isRepository } from './nested.ts'
import { blobBytesMax } from './objects.ts'
import { indexStatOf, isSameStat, onDisk, statAt } from './stat.ts'
import { listTree } from './tree-objects.ts'
import type { EmbeddedParts } from './verbs.ts'

interface Found {
  readonly path: PathBytes
  readonly stat: BigIntStats
}

interface Walked {
  readonly files: readonly Found[]
  /** Untracked ones that a rule excludes as a whole. */
  readonly ignoredDirectories: readonly PathBytes[]
  /** Those that a rule excludes by themselves. */
  readonly ignoredFiles: readonly PathBytes[]
}

/** The whole work tree, but for what nobody tracks here and is another repository's, or excluded by an ignore rule. */
function walkTree(root: string, rules: IgnoreRules, tracked: ReadonlySet<string>): Walked {
  const files: Found[] = []
  const [ignored, ignoredFiles]: [PathBytes[], PathBytes[]] = [[], []]
  const trackedAbove = directoriesAbove(tracked)
  const visit = (directory: PathBytes): void => {
    for (const name of namesIn(root, directory)) {
      if (name === '.git') continue
      const path = pathOfLatin1(directory === '' ? name : `${directory}/${name}`)
      const stat = statAt(root, path)
      if (stat === null) continue
      if (!stat.isDirectory()) {
        const isKept = tracked.has(path) || !rules.isIgnored(path, false)
        if (!isKept) ignoredFiles.push(path)
        else if (stat.isFile() || stat.isSymbolicLink()) files.push({ path, stat })
      } else if (!trackedAbove.has(path) && rules.isIgnored(path, true)) ignored.push(path)
      else if (trackedAbove.has(path) || !isRepository(root, path)) visit(path)
    }
  }
  visit('' as PathBytes)
  return { files, ignoredDirectories: ignored, ignoredFiles }
}

function namesIn(root: string, directory: PathBytes): readonly string[] {
  try {
    return readdirSync(onDisk(root, directory), { encoding: 'latin1' })
  } catch (error) {
    // Gone meanwhile, or closed to us: what was tracked in it is told as deleted by git too.
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errnoOf(error) ?? '')) return []
    throw error
  }
}

function directoriesAbove(paths: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const path of paths) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) found.add(path.slice(0, at))
  }
  return found
}

/** What `git status` shows: whatever differs between HEAD, the index and the disk, and what nobody tracks. */
export async function embeddedChanges(parts: EmbeddedParts): Promise<readonly PathBytes[]> {
  const { bench, objects, trees } = parts
  const { oid } = await readHead(bench)
  const head = new Map<PathBytes, TreeEntry>()
  if (oid !== null)
    for (const { path, entry } of await listTree(objects, await trees.treeOf(oid))) head.set(path, entry)
  const index = indexOf(parts)
  const entries = new Map<PathBytes, IndexFileEntry>()
  const changed = new Set<PathBytes>()
  for (const entry of index?.entries ?? []) {
    entries.set(entry.path, entry)
    const known = head.get(entry.path)
    if (entry.stage !== 0 || known?.oid !== entry.oid || modeOf(entry) !== known.mode) changed.add(entry.path)
  }
  for (const path of head.keys()) if (!entries.has(path)) changed.add(path)
  const rules = await currentIgnores(bench)
  const walked = walkTree(bench.repository.root, rules, new Set(entries.keys()))
  const there = new Map(walked.files.map(({ path, stat }) => [path, stat]))
  for (const [path, stat] of there) {
    const entry = entries.get(path)
    if (entry === undefined || isModified(parts, entry, stat)) changed.add(path)
  }
  for (const path of entries.keys()) if (!there.has(path)) changed.add(path)
  return [...changed].toSorted((a, b) => (a < b ? -1 : 1))
}

/** By what git noted at the last look where that can be trusted, else by the bytes. */
function isModified({ bench }: EmbeddedParts, entry: IndexFileEntry, stat: BigIntStats): boolean {
  if (diskMode(stat) !== modeOf(entry)) return true
  const indexChangedAtMs = bench.disk.identify(bench.repository.indexPath)?.modifiedAtMs ?? 0
  // Written in the same moment as the index, it may have been written once more since.
  const isRacy = Number(stat.mtimeMs) >= Math.floor(indexChangedAtMs)
  const now = indexStatOf(stat)
  if (!isRacy && isSameStat(entry.stat, now)) return false
  // A size of 0 says nothing: that is how git marks what it has to look at.
  if (entry.stat.sizeBytes !== 0 && entry.stat.sizeBytes !== now.sizeBytes) return true
  // What cannot be read whole cannot be told from what is committed, and is named when it is to be stored.
  if (stat.size > blobBytesMax) return true
  const place = onDisk(bench.repository.root, entry.path)
  const bytes = stat.isSymbolicLink() ? bench.disk.readLink(place) : bench.disk.read(place)
  if (bytes === null) return true
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex') !== entry.oid
}

function modeOf({ rawMode }: IndexFileEntry): FileMode {
  return rawMode.toString(8).padStart(6, '0') as FileMode
}

function diskMode(stat: BigIntStats): FileMode {
  if (stat.isSymbolicLink()) return '120000'
  return (stat.mode & 0o100n) === 0n ? '100644' : '100755'
}

/** @throws SyncError when it has become one that only git can read */
function indexOf({ bench }: EmbeddedParts): IndexFile | null {
  const bytes = bench.disk.read(bench.repository.indexPath)
  if (bytes === null) return null
  const reading = readWholeIndex(bytes)
  if (reading.kind === 'index') return reading.index
  throw repositoryError(conditionFailure({ name: 'index', detail: 'its index cannot be read without git' }))
}

/** Directories that hold a tracked file, or one that is not ignored; the root counts. */
export async function embeddedDirectories(parts: EmbeddedParts): Promise<number> {
  const paths = (await walkNow(parts)).files.map(({ path }) => path)
  return directoriesAbove(new Set(paths)).size + 1
}

/** The work tree as it is now. */
export async function walkNow(parts: EmbeddedParts): Promise<Walked> {
  const rules = await currentIgnores(parts.bench)
  const tracked = new Set((indexOf(parts)?.entries ?? []).map(({ path }) => path))
  return walkTree(parts.bench.repository.root, rules, tracked)
}

/** Those of the paths that a rule matches, tracked or not. What lies behind a link is nobody's here. */
export async function embeddedIgnored(
  { bench }: EmbeddedParts,
  paths: readonly PathBytes[],
): Promise<ReadonlySet<PathBytes>> {
  const { root } = bench.repository
  const rules = await currentIgnores(bench)
  const isDirectory = (path: PathBytes): boolean => statAt(root, path)?.isDirectory() === true
  const isBehindLink = (path: PathBytes): boolean =>
    path
      .split('/')
      .slice(0, -1)
      .some((_, at, parents) => {
        const above = parents.slice(0, at + 1).join('/') as PathBytes
        return statAt(root, above)?.isSymbolicLink() === true
      })
  return new Set(paths.filter((path) => !isBehindLink(path) && rules.isIgnored(path, isDirectory(path))))
}

/**
 * Where something lies on the way to a path that the probe could not see: attributes, or another repository. What is
 * tracked here stays ours, as with git, whatever begins to lie beside it.
 */
export function obstacleAbove(parts: EmbeddedParts, path: PathBytes): string | null {
  const { root } = parts.bench.repository
  const names = path.split('/').slice(0, -1)
  for (let depth = 0; depth <= names.length; depth += 1) {
    const above = names.slice(0, depth).join('/')
    const inside = (name: string): PathBytes => pathOfLatin1(join(above, name))
    const has = (name: string): boolean => statAt(root, inside(name)) !== null
    if (has('.gitattributes'))
      return `${Buffer.from(inside('.gitattributes'), 'latin1').toString('utf8')} exists (attributes)`
    if (depth > 0 && isRepository(root, above as PathBytes) && !isTracked(parts, path)) {
      return 'it lies in another repository (submodule)'
    }
  }
  return null
}

function isTracked(parts: EmbeddedParts, path: PathBytes): boolean {
  return indexOf(parts)?.entries.some((entry) => entry.path === path) === true
}
