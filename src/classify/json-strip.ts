import { createHash } from 'node:crypto'
import { skipScalar, skipSpace } from './json-scan.ts'
import { Members } from './json-members.ts'
import type { VolatileKeys } from './volatile-keys.ts'

/** Deeper documents count as not analysable: the stack of open containers stays small whatever the input. */
const depthLimit = 1024

/** Bytes gathered before each call into the hash; one call per kept piece took a tenth of the time. */
const scratchBytes = 65_536

/**
 * SHA-1 of the document without its volatile members: two documents with one digest differ in volatile members only.
 * SHA-1 because it is the quickest here and guards nothing: who forges a collision hides his own edit from himself.
 *
 * @returns null when the bytes are not strict JSON in UTF-8 (a byte order mark may lead), or nested deeper than 1,024.
 */
export function strippedDigest(bytes: Uint8Array, keys: VolatileKeys): string | null {
  const cuts = volatileSpans(bytes, keys)
  if (cuts === null) return null
  const hash = createHash('sha1')
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const scratch = Buffer.allocUnsafe(Math.min(scratchBytes, bytes.length))
  let filled = 0
  let from = 0
  for (let index = 0; index <= cuts.length; index += 2) {
    const to = index < cuts.length ? (cuts[index] as number) : bytes.length
    if (to - from > scratch.length - filled) {
      hash.update(scratch.subarray(0, filled))
      filled = 0
    }
    if (to - from > scratch.length) hash.update(source.subarray(from, to))
    else filled += source.copy(scratch, filled, from, to)
    from = index < cuts.length ? (cuts[index + 1] as number) : to
  }
  return hash.update(scratch.subarray(0, filled)).digest('hex')
}

/**
 * Where the volatile members lie: without these spans the document reads as if they had never been written.
 *
 * @returns start and end positions in turn, ascending; null as for `strippedDigest`.
 */
export function volatileSpans(bytes: Uint8Array, keys: VolatileKeys): readonly number[] | null {
  const end = bytes.length
  const members = new Members(bytes, keys)
  const objects: boolean[] = []
  let at = skipSpace(bytes, startsWithMark(bytes) ? 3 : 0)
  for (;;) {
    const first = at < end ? bytes[at] : 0
    if (first === 0x7b || first === 0x5b) {
      if (objects.length === depthLimit) return null
      const inside = skipSpace(bytes, at + 1)
      if (inside < end && bytes[inside] === first + 2) {
        at = inside + 1
      } else {
        objects.push(first === 0x7b)
        at = first === 0x7b ? members.open(at + 1, inside, objects.length) : inside
        if (at < 0) return null
        continue
      }
    } else {
      at = skipScalar(bytes, at)
      if (at < 0) return null
    }
    // A value ends at `at`: close what closes here, until a comma announces the next value.
    for (;;) {
      const valueEnd = at
      at = skipSpace(bytes, at)
      const depth = objects.length
      if (depth === 0) return at === end ? members.cuts : null
      if (at === end) return null
      const next = bytes[at]
      const inObject = objects[depth - 1] === true
      if (inObject) members.valueEnded(valueEnd, at, depth)
      if (next === 0x2c) {
        at = inObject ? members.key(skipSpace(bytes, at + 1), at, depth) : skipSpace(bytes, at + 1)
        if (at < 0) return null
        break
      }
      if (next !== (inObject ? 0x7d : 0x5d)) return null
      objects.pop()
      at++
    }
  }
}

function startsWithMark(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
