import { createHash } from 'node:crypto'
import { isVolatileKey, type VolatileKeys } from './volatile-keys.ts'
import { isVolatileValue } from './volatile-values.ts'

export interface MemberChanges {
  readonly changed: readonly string[]
  readonly volatile: readonly string[]
}

/** Members named at most, of each sort; the rest is left out. */
export const namedLimit = 20

/** Members compared at most; what lies behind them is not named. */
const comparedLimit = 200_000

interface Pair {
  readonly before: unknown
  readonly after: unknown
  readonly path: string
  readonly volatile: boolean
}

/**
 * Names the members that differ, for people: the verdict was given on bytes. What parsing hides (order, spacing, `1.0`
 * for `1`, a name given twice) is named nowhere. Iterative: a document may be nested 1,024 deep.
 *
 * @param before as `JSON.parse` gives it, as is `after`.
 */
export function explainMembers(before: unknown, after: unknown, keys: VolatileKeys): MemberChanges {
  const changed: string[] = []
  const volatile: string[] = []
  const open: Pair[] = [{ before, after, path: '', volatile: false }]
  for (let compared = 0; compared < comparedLimit; compared++) {
    const pair = open.pop()
    if (pair === undefined) break
    if (pair.before === pair.after) continue
    if (pair.volatile && JSON.stringify(pair.before) === JSON.stringify(pair.after)) continue
    const below = pair.volatile ? null : pairsBelow(pair, keys)
    if (below === null) {
      const named = pair.volatile ? volatile : changed
      if (named.length < namedLimit) named.push(pair.path === '' ? '.' : pair.path)
      if (changed.length === namedLimit && volatile.length === namedLimit) break
    } else {
      open.push(...below.toReversed())
    }
  }
  return { changed, volatile }
}

/** null: the pair itself differs, not something inside it. A member that one side lacks is `undefined` there. */
function pairsBelow({ before, after, path }: Pair, keys: VolatileKeys): Pair[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
      before: before[index] as unknown,
      after: after[index] as unknown,
      path: `${path}[${index}]`,
      volatile: false,
    }))
  }
  if (!isObject(before) || !isObject(after)) return null
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].map((name) => {
    const one = Object.hasOwn(before, name) ? before[name] : undefined
    const other = Object.hasOwn(after, name) ? after[name] : undefined
    const volatile = isVolatileKey(name, keys) && isVolatileValue(one) && isVolatileValue(other)
    return { before: one, after: other, path: path + memberName(name), volatile }
  })
}

/** Longer names are no words of anybody. */
const nameMax = 64
/** A token, a key or an id: some keep tokens as names of members, and what is told here is read in logs. */
const drawn = /[A-Za-z0-9]{24}|(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16}/

/**
 * As it is appended to the path of what holds the member: `.a`, or `["a b"]` where that would not be plain. A name that
 * may be a secret is told by a digest of it, so that it is still another than the next.
 */
export function memberName(name: string): string {
  if (name.length > nameMax || drawn.test(name)) {
    return `.<${createHash('sha1').update(name).digest('hex').slice(0, 6)}>`
  }
  return /^[A-Za-z_$][\w$-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
