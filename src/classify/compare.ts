import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { ContentFinding, Evidence, TreeEntry } from '../types.ts'
import type { Dialect } from './dialects.ts'
import type { MemberChanges } from './explain.ts'
import { gathered, type Asking } from './layers.ts'

/** Digests of committed versions kept at once. One that was dropped is asked for and counted again. */
const digestsMax = 10_000
/** Larger versions are compared all the same, but their members are not named. */
const namedBytesMax = 1024 * 1024
/** Committed versions kept for naming members, in all. */
const keptBytesMax = 4 * 1024 * 1024

/** A committed version; its blob id says which, so it never grows stale. */
interface Base {
  /** null: not analysable. */
  readonly digest: string | null
  readonly bytes: Uint8Array | null
  /** SHA-1 of its meaning, once somebody asked; null: it has none. */
  meaning?: string | null
}

export type Comparison = (
  dialect: Dialect,
  evidence: Evidence,
  base: TreeEntry,
  now: Uint8Array,
) => Asking<ContentFinding>

/** Compares a document with its committed version, which is read once while it stays the committed one. */
export function createComparison(): Comparison {
  const bases = new LRUCache<string, Base>({
    max: digestsMax,
    maxSize: keptBytesMax + digestsMax,
    sizeCalculation: ({ bytes }) => 1 + (bytes?.length ?? 0),
  })
  return function* compare(dialect, evidence, { oid }, now) {
    const nowDigest = dialect.digest(now)
    if (nowDigest === null) return unanalysable(dialect, `is now ${dialect.refusal}`)
    // One blob may lie at a.json and at a.yaml.
    const key = `${dialect.format} ${oid}`
    let base = bases.get(key)
    if (base === undefined) {
      const { baseBytes } = yield* gathered(evidence, 'baseBytes')
      if (baseBytes === null) return unanalysable(dialect, 'is not compared with a committed version')
      base = { digest: dialect.digest(baseBytes), bytes: keepable(baseBytes) }
      bases.set(key, base)
    }
    if (base.digest === null) return unanalysable(dialect, `was ${dialect.refusal} when it was committed`)
    const isVolatile = base.digest === nowDigest && meansTheSame(dialect, base, now)
    const members = named(dialect, base.bytes, now)
    const volatile = members.volatile
    const changed = isVolatile ? [] : members.changed
    const detail = isVolatile ? listed('only volatile members differ', volatile) : listed('members differ', changed)
    return { format: dialect.format, outcome: isVolatile ? 'volatile' : 'changed', changed, volatile, detail }
  }
}

/** Whether the dialect's own parser agrees that nothing but volatile members differs. */
function meansTheSame(dialect: Dialect, base: Base, now: Uint8Array): boolean {
  const meaningOf = dialect.meaning
  if (meaningOf === undefined) return true
  const hashed = (bytes: Uint8Array): string | null => {
    const meaning = meaningOf(bytes)
    return meaning === null ? null : createHash('sha1').update(meaning).digest('hex')
  }
  if (base.meaning === undefined) base.meaning = base.bytes === null ? null : hashed(base.bytes)
  return base.meaning !== null && base.meaning === hashed(now)
}

function named(dialect: Dialect, before: Uint8Array | null, now: Uint8Array): MemberChanges {
  if (before === null || now.length > namedBytesMax) return { changed: [], volatile: [] }
  return dialect.explain(before, now)
}

/** A copy: what is given may be a piece of a much larger buffer, or be used again. */
function keepable(bytes: Uint8Array): Uint8Array | null {
  return bytes.length <= namedBytesMax ? new Uint8Array(bytes) : null
}

function unanalysable({ format }: Dialect, why: string): ContentFinding {
  return { format, outcome: 'changed', changed: [], volatile: [], detail: `${why}, so it counts as changed` }
}

function listed(what: string, members: readonly string[]): string {
  return members.length === 0 ? what : `${what}: ${members.slice(0, 3).join(', ')}${members.length > 3 ? ', …' : ''}`
}
