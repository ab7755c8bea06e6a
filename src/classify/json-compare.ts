import { LRUCache } from 'lru-cache'
import type { ContentFinding, Evidence, TreeEntry } from '../types.ts'
import { explainMembers, type MemberChanges } from './json-explain.ts'
import { strippedDigest } from './json-strip.ts'
import { gathered, type Asking } from './layers.ts'
import type { VolatileKeys } from './volatile-keys.ts'

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
}

export type JsonComparison = (evidence: Evidence, base: TreeEntry, now: Uint8Array) => Asking<ContentFinding>

/** Compares JSON with its committed version, which is read once while it stays the committed one. */
export function createJsonComparison(keys: VolatileKeys): JsonComparison {
  const bases = new LRUCache<string, Base>({
    max: digestsMax,
    maxSize: keptBytesMax + digestsMax,
    sizeCalculation: ({ bytes }) => 1 + (bytes?.length ?? 0),
  })
  return function* compare(evidence, { oid }, now) {
    const nowDigest = strippedDigest(now, keys)
    if (nowDigest === null) return unanalysable('is no strict JSON now')
    let base = bases.get(oid)
    if (base === undefined) {
      const { baseBytes } = yield* gathered(evidence, 'baseBytes')
      if (baseBytes === null) return unanalysable('has a committed version too large to read')
      base = { digest: strippedDigest(baseBytes, keys), bytes: keepable(baseBytes) }
      bases.set(oid, base)
    }
    if (base.digest === null) return unanalysable('was no strict JSON when it was committed')
    const isVolatile = base.digest === nowDigest
    const members = named(base.bytes, now, keys)
    const volatile = members.volatile
    const changed = isVolatile ? [] : members.changed
    const detail = isVolatile ? listed('only volatile members differ', volatile) : listed('members differ', changed)
    return { format: 'json', outcome: isVolatile ? 'volatile' : 'changed', changed, volatile, detail }
  }
}

function named(before: Uint8Array | null, now: Uint8Array, keys: VolatileKeys): MemberChanges {
  if (before === null || now.length > namedBytesMax) return { changed: [], volatile: [] }
  return explainMembers(before, now, keys)
}

/** A copy: what is given may be a piece of a much larger buffer, or be used again. */
function keepable(bytes: Uint8Array): Uint8Array | null {
  return bytes.length <= namedBytesMax ? new Uint8Array(bytes) : null
}

function unanalysable(why: string): ContentFinding {
  return { format: 'json', outcome: 'changed', changed: [], volatile: [], detail: `${why}, so it counts as changed` }
}

function listed(what: string, members: readonly string[]): string {
  return members.length === 0 ? what : `${what}: ${members.slice(0, 3).join(', ')}${members.length > 3 ? ', …' : ''}`
}
