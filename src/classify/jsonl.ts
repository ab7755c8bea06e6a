import { createHash } from 'node:crypto'
import { explainMembers, type MemberChanges } from './explain.ts'
import { volatileSpans } from './json-strip.ts'
import { skipSpace } from './json-scan.ts'
import type { VolatileKeys } from './volatile-keys.ts'

const newline = 0x0a

/**
 * SHA-1 of the lines, each without its volatile members. Ends of lines and blank lines stay, so a line more or less is
 * always seen: whatever is put behind a document, its digest changes or there is none.
 *
 * @returns null when a line that is not blank is no strict JSON.
 */
export function strippedLinesDigest(bytes: Uint8Array, keys: VolatileKeys): string | null {
  const hash = createHash('sha1')
  // What is left alone is hashed in one go; most lines hold nothing volatile.
  let keptFrom = 0
  for (const { from, to } of linesOf(bytes)) {
    const line = bytes.subarray(from, to)
    if (skipSpace(line, 0) === line.length) continue
    const cuts = volatileSpans(line, keys)
    if (cuts === null) return null
    for (let index = 0; index < cuts.length; index += 2) {
      hash.update(bytes.subarray(keptFrom, from + (cuts[index] as number)))
      keptFrom = from + (cuts[index + 1] as number)
    }
  }
  return hash.update(bytes.subarray(keptFrom)).digest('hex')
}

/** Names the members that differ as `[3].a`, the lines counted from 0. */
export function explainLines(before: Uint8Array, after: Uint8Array, keys: VolatileKeys): MemberChanges {
  return explainMembers(parsedLines(before), parsedLines(after), keys)
}

function parsedLines(bytes: Uint8Array): readonly unknown[] {
  const decoder = new TextDecoder()
  return [...linesOf(bytes)]
    .map(({ from, to }) => decoder.decode(bytes.subarray(from, to)))
    .flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as unknown]))
}

/** Without their newlines; what stands behind the last newline counts only if there is something. */
function* linesOf(bytes: Uint8Array): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < bytes.length;) {
    const at = bytes.indexOf(newline, from)
    const to = at < 0 ? bytes.length : at
    yield { from, to }
    from = to + 1
  }
}
