import type { PathBytes } from '../types.ts'
import { createDialects, formatOf, type Dialect } from './dialects.ts'
import type { Parsers } from './parsers.ts'
import type { VolatileKeys } from './volatile-keys.ts'

/** A document as two sides began with it, and as each left it. */
export interface Versions {
  readonly base: Uint8Array
  readonly ours: Uint8Array
  readonly theirs: Uint8Array
}

/** Documents that are put together without regard to their volatile members. */
export interface Documents {
  /** Whether nothing but volatile members differs. */
  alike(path: PathBytes, one: Uint8Array, other: Uint8Array): boolean
  /**
   * The three with the same volatile members: those of one side, whichever side is called ours.
   * @returns null: they do not have the same ones, or are not compared by their members
   */
  levelled(path: PathBytes, versions: Versions): Versions | null
}

export function createDocuments(keys: VolatileKeys, parsers: Parsers): Documents {
  const dialectOf = createDialects(keys, parsers)
  return {
    alike(path, one, other) {
      const dialect = dialectOf(formatOf(path), one)
      return dialect !== null && isAlike(dialect, one, other)
    },
    levelled(path, { base, ours, theirs }) {
      const dialect = dialectOf(formatOf(path), ours)
      if (dialect === null) return null
      const donor = Buffer.compare(volatileOf(dialect, ours), volatileOf(dialect, theirs)) < 0 ? theirs : ours
      const all = [base, ours, theirs].map((version) => withMembersOf(dialect, version, donor))
      const [before, mine, other] = all
      return before == null || mine == null || other == null ? null : { base: before, ours: mine, theirs: other }
    },
  }
}

function isAlike({ digest, meaning }: Dialect, one: Uint8Array, other: Uint8Array): boolean {
  const left = digest(one)
  if (left === null || left !== digest(other)) return false
  if (meaning === undefined) return true
  const meant = meaning(one)
  return meant !== null && meant === meaning(other)
}

/** Of two moments the later one, as they are mostly written, compares as the greater. */
function volatileOf(dialect: Dialect, version: Uint8Array): Buffer {
  return Buffer.concat((dialect.pieces(version) ?? []).filter((_, at) => at % 2 === 1))
}

function withMembersOf(dialect: Dialect, version: Uint8Array, donor: Uint8Array): Uint8Array | null {
  const [stay, given] = [dialect.pieces(version), dialect.pieces(donor)]
  if (stay === null || stay.length !== given?.length) return null
  const mixed = Buffer.concat(stay.map((piece, at) => (at % 2 === 0 ? piece : (given[at] ?? piece))))
  // Where a member stood in another place, it may have taken a comma along.
  return isAlike(dialect, version, mixed) ? mixed : null
}
