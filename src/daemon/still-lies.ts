/** Whether what a commit is about to hold still lies in the work tree. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { errnoOf } from '../errors.ts'
import type { DirectoryFaults } from '../evidence/evidence.ts'
import { lookAt } from '../platform/platform.ts'
import type { DiskEntry, Evidence } from '../types.ts'
import type { Parts } from './board.ts'

/** Between two turns of the loop. */
const looksInARow = 500

/**
 * What is taken away again never comes. Whoever goes on writing is not waited for: what was read was there, and the
 * next commit has the rest. But a switch to another branch and back, or a rebase that is given up, leaves HEAD as it
 * was, and what was read in between is of another commit: all of them write the index.
 */
export function liesStill(was: DiskEntry | null, is: DiskEntry | null, isIndexSame: boolean): boolean {
  if (was === null || is === null) return was === is
  return isIndexSame || was.fingerprint === is.fingerprint
}

/** Begins before anything is read; asked when all is judged. */
export function watchOver({
  engine: {
    repository: { indexPath },
  },
  evidence,
}: Pick<Parts, 'engine' | 'evidence'>): (judged: readonly Pick<Evidence, 'path' | 'entry'>[]) => Promise<boolean> {
  const indexNow = (): string => lookAt(indexPath)?.fingerprint ?? ''
  const index = indexNow()
  return async (judged) => {
    const isIndexSame = indexNow() === index
    const directories: DirectoryFaults = new Map()
    for (const [at, { path, entry }] of judged.entries()) {
      if (at % looksInARow === looksInARow - 1) await nextTurn()
      const is = entryNow(evidence, path, directories)
      if (is === 'unreadable' || !liesStill(entry, is?.kind === 'directory' ? null : is, isIndexSame)) return false
    }
    return true
  }
}

function entryNow(
  room: Parts['evidence'],
  path: Evidence['path'],
  directories: DirectoryFaults,
): DiskEntry | 'unreadable' | null {
  try {
    return room.entry(path, null, directories)
  } catch (error) {
    if (errnoOf(error) === null) throw error
    return 'unreadable'
  }
}
