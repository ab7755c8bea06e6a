import type { FileMode, Oid, PathBytes } from '../types.ts'

export interface IndexEntry {
  readonly path: PathBytes
  readonly mode: FileMode
  readonly oid: Oid
  /** 0: merged. */
  readonly stage: number
  readonly intentToAdd: boolean
  /** A sparse checkout left it out of the work tree. */
  readonly skipWorktree: boolean
  /** `git update-index --assume-unchanged`: edits of it are nobody's business. */
  readonly assumeUnchanged: boolean
}

/** The user's index, looked up without building a list of all its entries. */
export interface IndexTable {
  readonly hasUnmerged: boolean
  /** Git was told to look away from some path. */
  readonly hasHidden: boolean
  /** The attributes files in it. */
  readonly attributes: readonly PathBytes[]
  readonly submodules: readonly PathBytes[]
  at(path: PathBytes): readonly IndexEntry[]
  below(directory: PathBytes): readonly IndexEntry[]
}

interface Sorted {
  readonly count: number
  path(position: number): PathBytes
  entry(position: number): IndexEntry
}

/**
 * Reads an index file of version 2 to 4 (gitformat-index(5)). null: another version, or an extension without which
 * the entries mean something else (split index `link`, sparse index `sdir`): then git has to be asked.
 */
export function readIndexFile(bytes: Buffer, oidBytes: number): IndexTable | null {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return null
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4) return null
  const count = bytes.readUInt32BE(8)
  const names: PathBytes[] | null = version === 4 ? [] : null
  const offsets = new Uint32Array(count)
  const flagsAt = 40 + oidBytes
  let at = 12
  let hasUnmerged = false
  let hasHidden = false
  const named: number[] = []
  const linked: number[] = []
  for (let position = 0; position < count; position += 1) {
    if (at + flagsAt + 2 > bytes.length) return null
    offsets[position] = at
    const flags = bytes.readUInt16BE(at + flagsAt)
    if ((flags & 0x3000) !== 0) hasUnmerged = true
    if (bytes.readUInt32BE(at + 24) === 0o160000) linked.push(position)
    const isExtended = (flags & 0x4000) !== 0
    if ((flags & 0x8000) !== 0 || (isExtended && (bytes[at + flagsAt + 2] ?? 0) & 0x40)) hasHidden = true
    const start = nameStart(at, flagsAt, flags)
    const end = names === null ? nameEnd(bytes, start, flags) : shortenedEnd(bytes, start, names)
    if (end < 0) return null
    // Decoding all of them would take a while.
    const name = names === null ? (bytes[end - 1] === 0x73 ? bytes.toString('latin1', start, end) : '') : names.at(-1)
    if (isAttributes(name ?? '')) named.push(position)
    at = names === null ? at + ((end - at + 8) & ~7) : end + 1
  }
  if (hasMandatoryExtension(bytes, at, oidBytes)) return null
  const sorted = { count, ...accessors(bytes, offsets, oidBytes, names) }
  const [attributes, submodules] = [named.map(sorted.path), linked.map(sorted.path)]
  return tableOf(sorted, { hasUnmerged, hasHidden, attributes, submodules })
}

function isAttributes(path: string): boolean {
  return path === '.gitattributes' || path.endsWith('/.gitattributes')
}

function nameStart(at: number, flagsAt: number, flags: number): number {
  return at + flagsAt + ((flags & 0x4000) === 0 ? 2 : 4)
}

function nameEnd(bytes: Buffer, start: number, flags: number): number {
  const length = flags & 0x0fff
  return length < 0x0fff ? start + length : bytes.indexOf(0, start)
}

/** From version 4 on a name is what it adds to the one before, behind how many bytes of that one it goes without. */
function shortenedEnd(bytes: Buffer, start: number, names: PathBytes[]): number {
  let at = start
  let byte = bytes[at++] ?? 0
  let dropped = byte & 0x7f
  while ((byte & 0x80) !== 0) {
    byte = bytes[at++] ?? 0
    dropped = (dropped + 1) * 128 + (byte & 0x7f)
  }
  const before = names.at(-1) ?? ''
  const end = bytes.indexOf(0, at)
  if (end < 0 || dropped > before.length) return -1
  names.push(`${before.slice(0, before.length - dropped)}${bytes.toString('latin1', at, end)}` as PathBytes)
  return end
}

/** Extensions whose name begins with a capital letter may be ignored. */
function hasMandatoryExtension(bytes: Buffer, from: number, oidBytes: number): boolean {
  let at = from
  while (at + 8 <= bytes.length - oidBytes) {
    const first = bytes[at] ?? 0
    if (first < 0x41 || first > 0x5a) return true
    at += 8 + bytes.readUInt32BE(at + 4)
  }
  return false
}

/** @param names where they cannot be read from the bytes alone */
function accessors(
  bytes: Buffer,
  offsets: Uint32Array,
  oidBytes: number,
  names: readonly PathBytes[] | null,
): Omit<Sorted, 'count'> {
  const flagsAt = 40 + oidBytes
  const path = (position: number): PathBytes => {
    if (names !== null) return names[position] ?? missing.path
    const at = offsets[position] ?? 0
    const flags = bytes.readUInt16BE(at + flagsAt)
    const start = nameStart(at, flagsAt, flags)
    return bytes.toString('latin1', start, nameEnd(bytes, start, flags)) as PathBytes
  }
  return {
    path,
    entry: (position) => {
      const at = offsets[position] ?? 0
      const flags = bytes.readUInt16BE(at + flagsAt)
      const extended = (flags & 0x4000) === 0 ? 0 : bytes.readUInt16BE(at + flagsAt + 2)
      return {
        path: path(position),
        mode: bytes.readUInt32BE(at + 24).toString(8) as FileMode,
        oid: bytes.toString('hex', at + 40, at + 40 + oidBytes),
        stage: (flags >> 12) & 3,
        intentToAdd: (extended & 0x2000) !== 0,
        skipWorktree: (extended & 0x4000) !== 0,
        assumeUnchanged: (flags & 0x8000) !== 0,
      }
    },
  }
}

/** `git ls-files --stage -v -z`: "tag mode oid stage TAB path". Intent to add cannot be seen there: it is staged. */
export function readStageList(lines: readonly string[]): IndexTable {
  const entries = lines.map((line): IndexEntry => {
    const tab = line.indexOf('\t')
    const [tag = '', mode = '', oid = '', stage = ''] = line.slice(0, tab).split(' ')
    return {
      path: line.slice(tab + 1) as PathBytes,
      mode: mode as FileMode,
      oid,
      stage: Number(stage),
      intentToAdd: false,
      skipWorktree: tag.toUpperCase() === 'S',
      assumeUnchanged: tag !== tag.toUpperCase(),
    }
  })
  const entry = (position: number): IndexEntry => entries[position] ?? missing
  return tableOf(
    { count: entries.length, entry, path: (position) => entry(position).path },
    {
      hasUnmerged: entries.some(({ stage }) => stage !== 0),
      hasHidden: entries.some(({ skipWorktree, assumeUnchanged }) => skipWorktree || assumeUnchanged),
      attributes: entries.flatMap(({ path }) => (isAttributes(path) ? [path] : [])),
      submodules: entries.flatMap(({ path, mode }) => (mode === '160000' ? [path] : [])),
    },
  )
}

const missing: IndexEntry = {
  path: '' as PathBytes,
  mode: '100644',
  oid: '',
  stage: 0,
  intentToAdd: false,
  skipWorktree: false,
  assumeUnchanged: false,
}

function tableOf(sorted: Sorted, flags: Omit<IndexTable, 'at' | 'below'>): IndexTable {
  return {
    ...flags,
    at: (path) => collect(sorted, path, (found) => found === path),
    below: (directory) => collect(sorted, `${directory}/`, (found) => found.startsWith(`${directory}/`)),
  }
}

function collect(sorted: Sorted, from: string, belongs: (path: PathBytes) => boolean): readonly IndexEntry[] {
  const found: IndexEntry[] = []
  for (let at = lowerBound(sorted, from); at < sorted.count && belongs(sorted.path(at)); at += 1) {
    found.push(sorted.entry(at))
  }
  return found
}

/** The index is sorted by bytes, and so are strings of one byte per unit. */
function lowerBound(sorted: Sorted, wanted: string): number {
  let [low, high] = [0, sorted.count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted.path(middle) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
