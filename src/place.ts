/** Which directory it is that something was written in: what is copied along with a folder tells of another one. */
import { statSync, type BigIntStats } from 'node:fs'

/**
 * Names a directory on this machine while it is mounted; it keeps the name when it is moved, and a copy has another.
 * With its time of birth, for the number of a directory that is gone is given out again. null: there is none.
 */
export function placeOf(directory: string): string | null {
  try {
    const stat = statSync(directory, { bigint: true })
    return `${stat.dev}.${stat.ino}.${bornNs(stat) ?? ''}`
  } catch {
    return null
  }
}

/**
 * null: not told. Where the system does not tell it (an old kernel, a container that may not ask), Node gives the
 * time of the last change in its place.
 */
export function bornNs({ birthtimeNs, ctimeNs }: BigIntStats): bigint | null {
  return birthtimeNs === 0n || birthtimeNs === ctimeNs ? null : birthtimeNs
}

export function isSamePlace(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other
  const [[dev, ino, born], [otherDev, otherIno, otherBorn]] = [one.split('.'), other.split('.')]
  return dev === otherDev && ino === otherIno && (born === otherBorn || born === '' || otherBorn === '')
}

/**
 * What was written down there is of this very directory. A daemon from before an update does not say of which,
 * nor does one that could not tell.
 */
export function isOfPlace(written: object, directory: string): boolean {
  if (!('place' in written) || typeof written.place !== 'string') return true
  return isSamePlace(written.place, placeOf(directory))
}
