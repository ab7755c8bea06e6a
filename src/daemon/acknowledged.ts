import { withConsents, type Consent } from '../trust/trust.ts'
import type { Oid, PathBytes } from '../types.ts'

/** What somebody said may leave though the guard would hold it; kept in `state.json`, newest last. */
export interface Acknowledgement {
  readonly path: PathBytes
  /** blob: these bytes, whatever they are called. deletion: of this path, as long as HEAD has this blob there. */
  readonly what: 'blob' | 'deletion'
  readonly oid: Oid
  readonly reason: string | null
  readonly atMs: number
}

/** Kept at most; the oldest are forgotten, and what they let through is held again when it changes. */
const acknowledgedMax = 10_000

/** What somebody said with one `ack`, and the same part of what is known. */
export interface Word {
  readonly acknowledged: readonly Acknowledgement[]
  readonly trusted: readonly Consent[]
}

export function withWord(known: Word, added: Word): Word {
  return {
    acknowledged: withAcknowledged(known.acknowledged, added.acknowledged),
    trusted: withConsents(known.trusted, added.trusted),
  }
}

function withAcknowledged(
  known: readonly Acknowledgement[],
  added: readonly Acknowledgement[],
): readonly Acknowledgement[] {
  if (added.length === 0) return known
  const again = new Set(added.map(keyOf))
  return [...known.filter((one) => !again.has(keyOf(one))), ...added].slice(-acknowledgedMax)
}

/** A deletion that is committed needs its word no more; thousands of them would make every later write slow. */
export function withoutDeletions(
  known: readonly Acknowledgement[],
  committed: readonly PathBytes[],
): readonly Acknowledgement[] {
  if (!known.some(({ what }) => what === 'deletion')) return known
  const paths = new Set(committed)
  return known.filter(({ what, path }) => what === 'blob' || !paths.has(path))
}

/** @param blob what would be committed; null: the path would be deleted, and `base` is what HEAD has there. */
export function isAcknowledged(
  known: readonly Acknowledgement[],
  path: PathBytes,
  blob: Oid | null,
  base: Oid | null,
): boolean {
  const keys = keysOf(known)
  return blob === null ? base !== null && keys.has(`deletion ${base} ${path}`) : keys.has(`blob ${blob}`)
}

const indexes = new WeakMap<readonly Acknowledgement[], ReadonlySet<string>>()

/** A list is never changed, only replaced: its index is made once. */
function keysOf(known: readonly Acknowledgement[]): ReadonlySet<string> {
  const found = indexes.get(known) ?? new Set(known.map(keyOf))
  indexes.set(known, found)
  return found
}

function keyOf({ what, oid, path }: Acknowledgement): string {
  return what === 'blob' ? `blob ${oid}` : `deletion ${oid} ${path}`
}
