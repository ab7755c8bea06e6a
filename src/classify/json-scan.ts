/**
 * The tokens of JSON over bytes. Each function takes a position and gives the one behind the token, or -1 where the
 * bytes are not strict JSON (RFC 8259, UTF-8). Positions are passed along instead of being kept in an object, and no
 * byte behind the end is read: both cost a measurable share of the whole.
 */

const plain = 0
const quote = 1
const escape = 2
const control = 3
const wide = 4

/** What a byte means inside a string. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x22) return quote
  if (byte === 0x5c) return escape
  if (byte < 0x20) return control
  return byte < 0x80 ? plain : wide
})

export function skipSpace(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  let at = from
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break
  }
  return at
}

/** @param from position behind the opening quote. */
export function skipString(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  let at = from
  while (at < end) {
    const kind = kinds[bytes[at] as number]
    if (kind === plain) {
      at++
    } else if (kind === quote) {
      return at + 1
    } else if (kind === control) {
      return -1
    } else {
      at = kind === escape ? skipEscape(bytes, at) : skipWide(bytes, at)
      if (at < 0) return -1
    }
  }
  return -1
}

/** @param from position of the backslash. */
export function skipEscape(bytes: Uint8Array, from: number): number {
  if (from + 1 >= bytes.length) return -1
  const letter = bytes[from + 1] as number
  if (letter !== 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(letter)) ? from + 2 : -1
  if (from + 6 > bytes.length) return -1
  for (let at = from + 2; at < from + 6; at++) {
    const digit = (bytes[at] as number) | 0x20
    const decimal = (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39
    if (!decimal && (digit < 0x61 || digit > 0x66)) return -1
  }
  return from + 6
}

/**
 * One UTF-8 sequence of two to four bytes, by table 3-7 of the Unicode standard: no overlong form, no surrogate,
 * nothing above U+10FFFF.
 */
export function skipWide(bytes: Uint8Array, from: number): number {
  const lead = bytes[from] as number
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  if (length === 0 || from + length > bytes.length) return -1
  const second = bytes[from + 1] as number
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return -1
  for (let at = from + 2; at < from + length; at++) {
    if (((bytes[at] as number) & 0xc0) !== 0x80) return -1
  }
  return from + length
}

/** A string, a number or a literal: any value that is not a container. */
export function skipScalar(bytes: Uint8Array, from: number): number {
  const byte = from < bytes.length ? (bytes[from] as number) : 0
  if (byte === 0x22) return skipString(bytes, from + 1)
  if (byte === 0x74) return skipWord(bytes, from, 'true')
  if (byte === 0x66) return skipWord(bytes, from, 'false')
  if (byte === 0x6e) return skipWord(bytes, from, 'null')
  return skipNumber(bytes, from)
}

function skipWord(bytes: Uint8Array, from: number, word: string): number {
  if (from + word.length > bytes.length) return -1
  for (let index = 1; index < word.length; index++) {
    if (bytes[from + index] !== word.charCodeAt(index)) return -1
  }
  return from + word.length
}

function skipNumber(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  let at = from
  if (at < end && bytes[at] === 0x2d) at++
  const whole = at
  at = skipDigits(bytes, at)
  // A number starts with a digit, and with 0 only when 0 is all of its whole part.
  if (at === whole || (bytes[whole] === 0x30 && at > whole + 1)) return -1
  if (at < end && bytes[at] === 0x2e) {
    const fraction = at + 1
    at = skipDigits(bytes, fraction)
    if (at === fraction) return -1
  }
  if (at < end && ((bytes[at] as number) | 0x20) === 0x65) {
    at++
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++
    const exponent = at
    at = skipDigits(bytes, exponent)
    if (at === exponent) return -1
  }
  return at
}

function skipDigits(bytes: Uint8Array, from: number): number {
  const end = bytes.length
  let at = from
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++
  return at
}
