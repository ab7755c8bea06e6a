import type { Oid } from '../types.ts'

/** Somebody's yes to the content of one of the workspace's own files; kept in `state.json`, newest last. */
export interface Consent {
  /** From the root of the work tree, as text. */
  readonly path: string
  /** Of the bytes, hex; null: to there being no such file any more. */
  readonly sha256: string | null
  /** The blob that holds the bytes once they are committed; null with `sha256`. */
  readonly oid: Oid | null
  readonly by: 'edited' | 'ack' | 'init'
  readonly reason: string | null
  readonly atMs: number
}

/** Kept at most; the oldest are forgotten, and what they said yes to waits again if it comes back. */
const consentsMax = 1_000

export function isConsented(consents: readonly Consent[], path: string, sha256: string | null): boolean {
  return consents.some((consent) => consent.path === path && consent.sha256 === sha256)
}

/** What was last in force at a path; null: never anything. */
export function lastOf(consents: readonly Consent[], path: string): Consent | null {
  return consents.findLast((consent) => consent.path === path) ?? null
}

/** Paths at which something was in force when last looked at. */
export function pathsInForce(consents: readonly Consent[]): readonly string[] {
  const last = new Map(consents.map((consent) => [consent.path, consent]))
  return [...last.values()].filter(({ sha256 }) => sha256 !== null).map(({ path }) => path)
}

/** A yes given again moves to the end: it is what is in force now. */
export function withConsents(consents: readonly Consent[], added: readonly Consent[]): readonly Consent[] {
  if (added.length === 0) return consents
  const isAgain = (old: Consent): boolean =>
    added.some(({ path, sha256 }) => path === old.path && sha256 === old.sha256)
  return [...consents.filter((old) => !isAgain(old)), ...added].slice(-consentsMax)
}
