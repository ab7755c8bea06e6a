import { errnoOf } from '../errors.ts'
import type { Disk } from './disk.ts'

/** What file systems without hard links answer (vfat, exFAT, some of a network). */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** Gives a file a second name, or makes a copy where a file has only one. False: `to` exists. */
export function secondName(disk: Disk, from: string, to: string): boolean {
  try {
    return disk.link(from, to)
  } catch (error) {
    const bytes = noLinks.has(errnoOf(error) ?? '') ? disk.read(from) : null
    if (bytes === null) throw error
    return createdAnew(disk, to, bytes)
  }
}

function createdAnew(disk: Disk, path: string, bytes: Buffer): boolean {
  try {
    disk.create(path, bytes, 0o600)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
