import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { readObject } from 'isomorphic-git'
import { errnoOf } from '../../errors.ts'
import type { Oid } from '../../types.ts'
import type { Disk } from '../disk.ts'
import { repositoryError } from '../failures.ts'
import type { ObjectReader } from '../objects.ts'
import { guardedFiles } from './guarded-files.ts'

export type ObjectType = 'blob' | 'tree' | 'commit'

/** An object is made in memory, and lies there twice while it is deflated; Node itself reads no file of 2 GiB. */
export const blobBytesMax = 512 * 1024 * 1024

export interface Objects extends ObjectReader {
  has(oid: Oid): Promise<boolean>
  /** Durable when it returns, and there as a whole or not at all. */
  write(type: ObjectType, bytes: Uint8Array): Promise<Oid>
}

interface Places {
  /** Where new objects go, such as `.git/objects`. */
  readonly written: string
  readonly gitDir: string
  readonly stateDir: string
}

/** Loose objects are read and written here; what lies in a pack is unpacked by isomorphic-git, which writes nothing. */
export function createObjects(disk: Disk, places: Places): Objects {
  const { written, gitDir } = places
  const own = join(gitDir, 'objects')
  const loosePlaces = written === own ? [own] : [written, own]
  const fs = guardedFiles({ gitDir, mayWritePacks: false })
  let packs = { fingerprint: '', cache: {} }

  const readLoose = (oid: Oid): Stored | null => {
    for (const place of loosePlaces) {
      const bytes = disk.read(looseName(place, oid))
      if (bytes !== null) return inflated(oid, bytes)
    }
    return null
  }
  /** What it remembers of a pack is forgotten when packs come or go: half of one may be 16 MB. */
  const cacheOf = (): object => {
    const fingerprint = disk.identify(join(own, 'pack'))?.fingerprint ?? ''
    if (fingerprint !== packs.fingerprint) packs = { fingerprint, cache: {} }
    return packs.cache
  }
  const readPacked = async (oid: Oid): Promise<Stored | null> => {
    try {
      const found = await readObject({ fs, gitdir: gitDir, oid, format: 'content', cache: cacheOf() })
      if (found.format !== 'content') return null
      return { oid, type: found.type, bytes: Buffer.from(found.object) }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'NotFoundError') return null
      if (error instanceof Error && errnoOf(error) === null) throw broken(`object ${oid}: ${error.message}`)
      throw error
    }
  }
  const read = async (oid: Oid): Promise<Stored | null> =>
    /^[0-9a-f]{40}$/.test(oid) ? (readLoose(oid) ?? (await readPacked(oid))) : null

  return {
    read,
    info: async (oid) => {
      const found = await read(oid)
      return found === null ? null : { type: found.type, sizeBytes: found.bytes.length }
    },
    has: async (oid) => (await read(oid)) !== null,
    write: async (type, content) => {
      const bytes = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])
      const oid = createHash('sha1').update(bytes).digest('hex')
      for (const place of loosePlaces) {
        const known = disk.read(looseName(place, oid))
        // One that was cut off by a crash long ago is written again.
        if (known === null || !isSound(oid, known)) continue
        if (place === written) freshen(disk, looseName(place, oid))
        return oid
      }
      if ((await readPacked(oid)) === null) writeLoose(disk, places, oid, deflateSync(bytes))
      return oid
    },
    close: () => {
      packs = { fingerprint: '', cache: {} }
    },
  }
}

interface Stored {
  readonly oid: Oid
  readonly type: string
  readonly bytes: Buffer
}

function looseName(place: string, oid: Oid): string {
  return join(place, oid.slice(0, 2), oid.slice(2))
}

/** By way of a file of ours that is overwritten the next time: a crash leaves nothing among the objects. */
function writeLoose(disk: Disk, { written, stateDir }: Places, oid: Oid, bytes: Buffer): void {
  disk.makeDirectory(stateDir)
  disk.makeDirectory(join(written, oid.slice(0, 2)), 0o777)
  const by = (temporary: string): void => {
    disk.remove(temporary)
    disk.create(temporary, bytes, 0o444)
    disk.rename(temporary, looseName(written, oid))
  }
  try {
    by(join(stateDir, 'new-object'))
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error
    disk.remove(join(stateDir, 'new-object'))
    // The objects lie on another file system. What has such a name git clears away.
    by(join(written, 'tmp_obj_workspace-sync'))
  }
}

/** So that no clean-up takes it. Somebody else's is as good as ours, and theirs to keep. */
function freshen(disk: Disk, file: string): void {
  try {
    disk.touch(file)
  } catch (error) {
    if (!['EPERM', 'EACCES', 'EROFS'].includes(errnoOf(error) ?? '')) throw error
  }
}

function isSound(oid: Oid, bytes: Buffer): boolean {
  try {
    inflated(oid, bytes)
    return true
  } catch {
    return false
  }
}

/** @throws SyncError `repository` when the bytes are not what the name says */
function inflated(oid: Oid, bytes: Buffer): Stored {
  const content = unzipped(bytes)
  const end = content?.indexOf(0) ?? -1
  if (content === null || end < 0 || createHash('sha1').update(content).digest('hex') !== oid) {
    throw broken(`loose object ${oid} is corrupt`)
  }
  const [type = ''] = content.toString('latin1', 0, end).split(' ')
  return { oid, type, bytes: content.subarray(end + 1) }
}

function unzipped(bytes: Buffer): Buffer | null {
  try {
    return inflateSync(bytes)
  } catch {
    return null
  }
}

function broken(detail: string): Error {
  return repositoryError({ name: 'corrupt', detail, hint: 'run: git fsck --full', heals: 'person' })
}
