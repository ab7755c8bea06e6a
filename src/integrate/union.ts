/** Files that only ever grow at their end keep what every side appended. */

const lineFeed = 0x0a

/**
 * Both sides' appendices behind the common beginning: first the lines that both have, then theirs, then ours, so that
 * every machine that settles the same two sides gets the same bytes.
 * @returns null: one of them did more than append, or a last line is not ended and cannot be told from the next
 */
export function unionOfAppends(base: Buffer, ours: Buffer, theirs: Buffer): Buffer | null {
  if (!goesOn(base, ours) || !goesOn(base, theirs)) return null
  const [mine, other] = [ours.subarray(base.length), theirs.subarray(base.length)]
  if (mine.length === 0) return theirs
  if (other.length === 0) return ours
  if (!endsLine(mine) || !endsLine(other)) return mine.equals(other) ? ours : null
  const shared = commonLines(mine, other)
  return Buffer.concat([base, mine.subarray(0, shared), other.subarray(shared), mine.subarray(shared)])
}

function goesOn(base: Buffer, side: Buffer): boolean {
  const begins = side.length >= base.length && side.subarray(0, base.length).equals(base)
  return begins && (base.length === 0 || endsLine(base) || side.length === base.length)
}

function endsLine(bytes: Buffer): boolean {
  return bytes.at(-1) === lineFeed
}

/** Bytes of the whole lines with which both begin. */
function commonLines(one: Buffer, other: Buffer): number {
  let end = 0
  for (let at = 0; at < Math.min(one.length, other.length) && one[at] === other[at]; at++) {
    if (one[at] === lineFeed) end = at + 1
  }
  return end
}

/** Logs and records of one line each: the order of what two machines appended carries no meaning. */
export function isAppendOnly(path: string): boolean {
  return /\.(?:log|jsonl|ndjson)$/i.test(path)
}
