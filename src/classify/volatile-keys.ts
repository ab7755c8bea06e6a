import { skipEscape, skipWide } from './json-scan.ts'

/**
 * Which member names are volatile. A configured key `last_update` also covers `lastUpdate`, `last-update`,
 * `last.update`, `Last Update` and `LAST_UPDATE`; `LastUPDATE` too, but not `lastupdate`, and `timestamp` does not
 * cover `TimeStamp`, which reads as two words. What is not surely volatile counts as a person's.
 */
export interface VolatileKeys {
  /** Lets almost every other key pass without looking at it twice; a hit still takes the exact path. */
  readonly slots: Uint8Array
  readonly names: ReadonlySet<string>
  /** The spelling last looked at in each slot: a document repeats few spellings many times. */
  readonly seen: (Spelling | undefined)[]
}

interface Spelling {
  readonly bytes: Uint8Array
  readonly volatile: boolean
}

const slotCount = 4096

/** Longer spellings are not remembered, so that the memory stays small whatever is read. */
const spellingBytes = 64

/** Per byte what it adds to the hash: letters in lower case, 0 for what may stand between words. */
const folded = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20
  return '_-. '.includes(String.fromCharCode(byte)) ? 0 : byte
})

export function createVolatileKeys(configured: readonly string[]): VolatileKeys {
  const names = new Set(configured.map(snakeCase))
  const slots = new Uint8Array(slotCount)
  for (const name of names) {
    let hash = 0
    for (const byte of Buffer.from(name, 'utf8')) hash = mixed(hash, byte)
    slots[slotOf(hash)] = 1
  }
  return { slots, names, seen: Array.from({ length: slotCount }, () => undefined) }
}

/**
 * Reads a member name.
 *
 * @param from position behind the opening quote.
 * @returns the position behind the closing quote, negative when the name is volatile, 0 when it is not strict JSON: no
 *   name ends at 0, and one number costs nothing to return where a tuple costs an allocation per member.
 */
export function scanKey(bytes: Uint8Array, from: number, keys: VolatileKeys): number {
  const end = bytes.length
  let at = from
  let hash = 0
  let exact = false
  while (at < end) {
    const byte = bytes[at] as number
    if (byte === 0x22) {
      if (!exact && keys.slots[slotOf(hash)] === 0) return at + 1
      return isVolatile(bytes, from, at, keys, slotOf(hash)) ? -(at + 1) : at + 1
    }
    if (byte < 0x20) return 0
    if (byte === 0x5c || byte >= 0x80) {
      exact = true
      at = byte === 0x5c ? skipEscape(bytes, at) : skipWide(bytes, at)
      if (at < 0) return 0
    } else {
      hash = mixed(hash, byte)
      at++
    }
  }
  return 0
}

/** @param key as it stands in the document, unescaped. */
export function isVolatileKey(key: string, keys: VolatileKeys): boolean {
  return keys.names.has(snakeCase(key))
}

function isVolatile(bytes: Uint8Array, from: number, to: number, keys: VolatileKeys, slot: number): boolean {
  const seen = keys.seen[slot]
  if (seen !== undefined && equalsAt(bytes, from, to, seen.bytes)) return seen.volatile
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
  // The escapes were checked on the way here, so this parse cannot fail.
  const volatile = isVolatileKey(raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw, keys)
  if (to - from <= spellingBytes) keys.seen[slot] = { bytes: new Uint8Array(bytes.subarray(from, to)), volatile }
  return volatile
}

function equalsAt(bytes: Uint8Array, from: number, to: number, spelling: Uint8Array): boolean {
  if (spelling.length !== to - from) return false
  for (let index = 0; index < spelling.length; index++) {
    if (bytes[from + index] !== spelling[index]) return false
  }
  return true
}

function mixed(hash: number, byte: number): number {
  const letter = folded[byte] as number
  return letter === 0 ? hash : (Math.imul(hash, 31) + letter) | 0
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 12)) & (slotCount - 1)
}

/** ASCII only on both sides: `toLowerCase` alone would make a Kelvin sign a k. */
function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[-. ]/g, '_')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
