import { createHash } from 'node:crypto'
import { namedLimit, type MemberChanges } from './explain.ts'

/** A piece of a text that is left out, and what stands for it. */
export interface Cut {
  readonly from: number
  readonly to: number
  /** Usually nothing. */
  readonly put: string
}

/** A member with its text as written. */
export interface OutlineMember {
  readonly path: string
  readonly text: string
  readonly volatile: boolean
}

/** What a scanner found in a text: which pieces are volatile members, and the members by name. */
export interface Outline {
  /** Ascending, none overlaps another. */
  readonly cuts: readonly Cut[]
  readonly members: readonly OutlineMember[]
}

/** Text and bytes say the same here: invalid UTF-8 has no text, a byte order mark stays. */
export function strictText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** SHA-1 of what the cuts leave of the text. */
export function cutDigest(text: string, cuts: readonly Cut[]): string {
  const hash = createHash('sha1')
  let from = 0
  for (const cut of cuts) {
    hash.update(text.slice(from, cut.from)).update(cut.put)
    from = cut.to
  }
  return hash.update(text.slice(from)).digest('hex')
}

/** What the cuts inside it leave of a piece of the text. */
export function pieceOf(text: string, from: number, to: number, cuts: readonly Cut[]): string {
  let piece = ''
  let at = from
  for (const cut of cuts) {
    piece += text.slice(at, cut.from)
    at = cut.to
  }
  return piece + text.slice(at, to)
}

/** Names the members whose text differs, for people: the verdict was given on all that the cuts leave. */
export function explainOutlines(before: Outline, after: Outline): MemberChanges {
  const changed: string[] = []
  const volatile: string[] = []
  const old = byPath(before)
  const now = byPath(after)
  for (const path of new Set([...old.keys(), ...now.keys()])) {
    const one = old.get(path)
    const other = now.get(path)
    if (one?.text === other?.text) continue
    const isVolatile = one?.volatile !== false && other?.volatile !== false
    const named = isVolatile ? volatile : changed
    if (named.length < namedLimit) named.push(path)
  }
  return { changed, volatile }
}

function byPath({ members }: Outline): ReadonlyMap<string, OutlineMember> {
  return new Map(members.map((member) => [member.path, member]))
}
