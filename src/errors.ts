/**
 * Two kinds of exception exist. `assert` marks our own bug: the daemon stops and the service manager restarts it.
 * `SyncError` is a failure the user can mend; it always carries what to do. Expected answers of git are values; one
 * that is bad news is a `Failure`.
 */

export type SyncErrorKind = 'usage' | 'configuration' | 'rules' | 'repository' | 'lock' | 'no-daemon' | 'system'

export class SyncError extends Error {
  readonly kind: SyncErrorKind
  /** One line: what the user can do about it. */
  readonly hint: string
  /** What it was before it was thrown; null: nothing that has a name. */
  readonly failure: Failure | null

  constructor(kind: SyncErrorKind, message: string, hint: string, cause?: unknown, failure: Failure | null = null) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SyncError'
    this.kind = kind
    this.hint = hint
    this.failure = failure
  }
}

class AssertionError extends Error {
  constructor(message: string) {
    super(`internal error: ${message}`)
    this.name = 'AssertionError'
  }
}

/** @throws AssertionError when `condition` is false: a bug of ours, never an answer to bad input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** The code of a Node system error (`ENOENT`), or null for anything else. */
export function errnoOf(error: unknown): string | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return null
}

/** A failure with a name: what it is, whether it can heal by itself, what to do. */
export interface Failure {
  readonly name: FailureName
  readonly detail: string
  readonly hint: string
  /** unreachable: probed every 5 to 60 s. backoff: retried. person: paused until somebody acts. */
  readonly heals: 'unreachable' | 'backoff' | 'person'
}

export type FailureName =
  | 'unreachable'
  | 'timeout'
  | 'authentication'
  | 'prompt-needed'
  | 'host-key'
  | 'rate-limit'
  | 'rejected'
  | 'hook-refused'
  | 'protected'
  | 'unrelated'
  | 'overtaken'
  | 'lagging'
  | 'submodule-not-pushed'
  | 'no-such-remote'
  | 'no-upstream'
  | 'push-elsewhere'
  | 'user-commits'
  | 'secret-in-commit'
  | 'remote-full'
  | 'too-large'
  | 'disk-full'
  | 'read-only'
  | 'identity'
  | 'signing'
  | 'locked'
  | 'ownership'
  | 'corrupt'
  | 'git-missing'
  | 'unknown'
