import { errnoOf, SyncError } from '../errors.ts'
import type { Failure } from '../types.ts'

/** @throws `error` itself when it is a bug of ours: the daemon then ends, and its next start reconciles. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SyncError) {
    const { failure, message: detail, hint } = error
    // It came in the middle of something, and a look again costs little: git may just be updated, or packing.
    return { name: failure?.name ?? 'unknown', detail, hint, heals: 'backoff' }
  }
  const code = errnoOf(error)
  if (code === null || !(error instanceof Error)) throw error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return { name: 'disk-full', detail: error.message, hint: 'free some space', heals: 'backoff' }
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return { name: 'read-only', detail: error.message, hint: 'make it writable for this user', heals: 'backoff' }
  }
  return { name: 'unknown', detail: error.message, hint: 'it is tried again', heals: 'backoff' }
}

/** @throws SyncError when the disk takes nothing: a word that the next start would not know is none. */
export function written<T>(write: () => T): T {
  try {
    return write()
  } catch (error) {
    const { detail, hint } = failureOf(error)
    throw new SyncError('system', `state.json cannot be written: ${detail}`, hint, error)
  }
}
