import { errnoOf } from '../errors.ts'

/** gone: it vanished, moved away or is something else by now; whoever holds its parent is told by an event. */
export type Answer<T> =
  { readonly ok: T } | { readonly failed: 'gone' } | { readonly failed: 'refused'; readonly code: string }

const vanished = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

/** A tree changes under the looker's feet, so every call on it may fail in each of these ways. */
export function attempt<T>(call: () => T): Answer<T> {
  try {
    return { ok: call() }
  } catch (error) {
    const code = errnoOf(error)
    // Not the system's answer: a bug of ours that must not pass for a vanished file.
    if (code === null || code.startsWith('ERR_')) throw error
    return vanished.has(code) ? { failed: 'gone' } : { failed: 'refused', code }
  }
}
