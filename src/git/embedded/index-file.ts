import { createHash } from 'node:crypto'
import type { FileMode, Oid, PathBytes } from '../../types.ts'

/** What git noted about a file when it last looked (gitformat-index(5)); all cut to 32 bits. */
export interface IndexStat {
  readonly changedSeconds: number
  readonly changedNanos: number
  readonly modifiedSeconds: number
  readonly modifiedNanos: number
  readonly device: number
  readonly inode: number
  readonly uid: number
  readonly gid: number
  readonly sizeBytes: number
}

export interface IndexFileEntry {
  readonly path: PathBytes
  /** The number as it stands there, so that what nobody should write is seen. */
  readonly rawMode: number
  readonly oid: Oid
  readonly stage: number
  readonly intentToAdd: boolean
  readonly skipWorktree: boolean
  readonly assumeUnchanged: boolean
  readonly stat: IndexStat
  /** All of it, padding included: an entry that is not ours is copied, never written anew. */
  readonly bytes: Buffer
}

export interface IndexFile {
  readonly version: number
  readonly entries: readonly IndexFileEntry[]
  readonly extensions: readonly { readonly name: string; readonly bytes: Buffer }[]
  /** False: the trailer is all zeros, as `index.skipHash` leaves it. */
  readonly hasChecksum: boolean
}

const oidBytes = 20
const flagsAt = 40 + oidBytes
/** Among the numbers that an entry begins with. */
const sizePosition = 9

export type IndexReading =
  | { readonly kind: 'index'; readonly index: IndexFile }
  /** Another version, whose entries are not read. */
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'damaged' }

/** Version 2 and 3 with SHA-1. */
export function readWholeIndex(bytes: Buffer): IndexReading {
  if (bytes.length < 12 + oidBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return damaged
  const version = bytes.readUInt32BE(4)
  if (version !== 2 && version !== 3) return { kind: 'version', version }
  const trailer = bytes.subarray(-oidBytes)
  const hasChecksum = trailer.some((byte) => byte !== 0)
  if (hasChecksum && !trailer.equals(hashOf(bytes.subarray(0, -oidBytes)))) return damaged
  const entries: IndexFileEntry[] = []
  let at = 12
  for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
    const entry = entryAt(bytes, at)
    if (entry === null) return damaged
    entries.push(entry)
    at += entry.bytes.length
  }
  const extensions: { name: string; bytes: Buffer }[] = []
  while (at + 8 <= bytes.length - oidBytes) {
    const end = at + 8 + bytes.readUInt32BE(at + 4)
    extensions.push({ name: bytes.toString('latin1', at, at + 4), bytes: bytes.subarray(at, end) })
    at = end
  }
  if (at !== bytes.length - oidBytes) return damaged
  return { kind: 'index', index: { version, entries, extensions, hasChecksum } }
}

const damaged = { kind: 'damaged' } as const

function entryAt(bytes: Buffer, at: number): IndexFileEntry | null {
  if (at + flagsAt + 2 > bytes.length) return null
  const flags = bytes.readUInt16BE(at + flagsAt)
  const isExtended = (flags & 0x4000) !== 0
  const nameAt = at + flagsAt + (isExtended ? 4 : 2)
  const nameEnd = bytes.indexOf(0, nameAt)
  const end = at + ((nameEnd - at + 8) & ~7)
  if (nameEnd < 0 || end > bytes.length) return null
  const extended = isExtended ? bytes.readUInt16BE(at + flagsAt + 2) : 0
  const number = (position: number): number => bytes.readUInt32BE(at + 4 * position)
  return {
    path: bytes.toString('latin1', nameAt, nameEnd) as PathBytes,
    rawMode: number(6),
    oid: bytes.toString('hex', at + 40, at + flagsAt),
    stage: (flags >> 12) & 3,
    intentToAdd: (extended & 0x2000) !== 0,
    skipWorktree: (extended & 0x4000) !== 0,
    assumeUnchanged: (flags & 0x8000) !== 0,
    stat: {
      changedSeconds: number(0),
      changedNanos: number(1),
      modifiedSeconds: number(2),
      modifiedNanos: number(3),
      device: number(4),
      inode: number(5),
      uid: number(7),
      gid: number(8),
      sizeBytes: number(sizePosition),
    },
    bytes: bytes.subarray(at, end),
  }
}

/** An entry of which git takes nothing for true before it has looked at the bytes of the file. */
export function doubted(entry: IndexFileEntry): IndexFileEntry {
  const bytes = Buffer.from(entry.bytes)
  bytes.writeUInt32BE(0, 4 * sizePosition)
  return { ...entry, stat: { ...entry.stat, sizeBytes: 0 }, bytes }
}

export interface IndexEdit {
  readonly path: PathBytes
  /** null: the entry goes. `stat` null: git looks at the file itself before it believes anything. */
  readonly entry: { readonly mode: FileMode; readonly oid: Oid; readonly stat: IndexStat | null } | null
}

/**
 * The bytes of an index with exactly these paths changed. Every other entry stays as it is to the byte. Of the
 * extensions only what was resolved by hand (`REUC`) stays: the others are caches of what is no more.
 */
export function editedIndex(index: IndexFile | null, edits: readonly IndexEdit[]): Buffer {
  const edited = new Map(edits.map((edit) => [edit.path, edit]))
  const kept = (index?.entries ?? []).filter(({ path }) => !edited.has(path))
  const made = edits.flatMap(({ path, entry }) => (entry === null ? [] : [{ path, bytes: entryBytes(path, entry) }]))
  // Byte order, and within a path by stage: what was kept is in order already, and the sort is stable.
  const all = [...kept, ...made].toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const header = Buffer.alloc(12)
  header.write('DIRC', 'latin1')
  header.writeUInt32BE(index?.version ?? 2, 4)
  header.writeUInt32BE(all.length, 8)
  const resolved = (index?.extensions ?? []).filter(({ name }) => name === 'REUC')
  const body = Buffer.concat([header, ...all.map(({ bytes }) => bytes), ...resolved.map(({ bytes }) => bytes)])
  return Buffer.concat([body, hashOf(body)])
}

function entryBytes(path: PathBytes, entry: NonNullable<IndexEdit['entry']>): Buffer {
  const name = Buffer.from(path, 'latin1')
  const bytes = Buffer.alloc((flagsAt + 2 + name.length + 8) & ~7)
  const { stat } = entry
  const numbers = [
    stat?.changedSeconds ?? 0,
    stat?.changedNanos ?? 0,
    stat?.modifiedSeconds ?? 0,
    stat?.modifiedNanos ?? 0,
    stat?.device ?? 0,
    stat?.inode ?? 0,
    Number.parseInt(entry.mode, 8),
    stat?.uid ?? 0,
    stat?.gid ?? 0,
    stat?.sizeBytes ?? 0,
  ]
  for (const [position, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * position)
  bytes.write(entry.oid, 40, 'hex')
  bytes.writeUInt16BE(Math.min(name.length, 0xfff), flagsAt)
  name.copy(bytes, flagsAt + 2)
  return bytes
}

function hashOf(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest()
}
