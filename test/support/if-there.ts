import { errnoOf } from '../../src/errors.ts'

/** What runs beside a test renames its files into place, and removes them: null where one has gone since it was listed. */
export function ifThere<T>(act: () => T): T | null {
  try {
    return act()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
