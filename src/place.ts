/** Which directory it is that something was written in: what is copied along with a folder tells of another one. */
import { statSync } from 'node:fs'

/**
 * Names a directory on this machine while it is mounted; it keeps the name when it is moved, and a copy has another.
 * With its time of birth, for the number of a directory that is gone is given out again. null: there is none.
 */
export function placeOf(directory: string): string | null {
  try {
    const { dev, ino, birthtimeNs } = statSync(directory, { bigint: true })
    return `${dev}.${ino}.${birthtimeNs}`
  } catch {
    return null
  }
}

/**
 * What was written down there is of this very directory. A daemon from before an update does not say of which,
 * nor does one that could not tell.
 */
export function isOfPlace(written: object, directory: string): boolean {
  return !('place' in written) || written.place === null || written.place === placeOf(directory)
}
