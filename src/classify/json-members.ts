import { skipSpace, skipString } from './json-scan.ts'
import { scanKey, type VolatileKeys } from './volatile-keys.ts'
import { isVolatileAt } from './volatile-values.ts'

/**
 * The members of the open objects, and the spans to leave out, in the order of the document.
 *
 * A volatile member after a kept one goes with the comma before it. One before any kept member goes with the comma
 * behind it and the white space after that, so that the next name takes its very place (without that white space, a
 * member added at the front of an indented object would look like a change). When an object keeps none, all between its
 * braces goes. A container is left out when all in it is volatile.
 */
export class Members {
  /** Start and end positions in turn. */
  readonly cuts: number[] = []
  readonly #bytes: Uint8Array
  readonly #keys: VolatileKeys
  /** By depth, from 1: behind the brace; how many cuts lie before it; whether the object keeps a member. */
  readonly #openedAt: number[] = [0]
  readonly #cutsBefore: number[] = [0]
  readonly #keeps: boolean[] = [false]
  /** Depth of the object whose member is being left out; 0: none. */
  #cutDepth = 0
  #cutFrom = 0

  constructor(bytes: Uint8Array, keys: VolatileKeys) {
    this.#bytes = bytes
    this.#keys = keys
  }

  /** @returns the position of the first member's value; -1: not strict JSON. */
  open(behindBrace: number, keyAt: number, depth: number): number {
    this.#openedAt[depth] = behindBrace
    this.#cutsBefore[depth] = this.cuts.length
    this.#keeps[depth] = false
    return this.key(keyAt, -1, depth)
  }

  /** @returns the position of the member's value; -1: not strict JSON. */
  key(at: number, commaAt: number, depth: number): number {
    const bytes = this.#bytes
    const end = bytes.length
    if (at >= end || bytes[at] !== 0x22) return -1
    // Inside of what is left out only the syntax is looked at.
    const isInside = this.#cutDepth > 0
    const scanned = isInside ? skipString(bytes, at + 1) : scanKey(bytes, at + 1, this.#keys)
    if (scanned === 0 || (isInside && scanned < 0)) return -1
    const colonAt = skipSpace(bytes, Math.abs(scanned))
    if (colonAt >= end || bytes[colonAt] !== 0x3a) return -1
    const valueAt = skipSpace(bytes, colonAt + 1)
    if (scanned < 0 && isVolatileAt(bytes, valueAt)) {
      this.#cutDepth = depth
      this.#cutFrom = this.#keeps[depth] === true ? commaAt : at
    } else if (!isInside) this.#keeps[depth] = true
    return valueAt
  }

  /** @param nextAt the first byte behind the value that is not white space: a comma or the closing brace. */
  valueEnded(valueEnd: number, nextAt: number, depth: number): void {
    if (this.#cutDepth !== depth) return
    this.#cutDepth = 0
    if (this.#keeps[depth] === true) {
      this.cuts.push(this.#cutFrom, valueEnd)
    } else if (this.#bytes[nextAt] === 0x2c) {
      this.cuts.push(this.#cutFrom, skipSpace(this.#bytes, nextAt + 1))
    } else {
      this.cuts.length = this.#cutsBefore[depth] as number
      this.cuts.push(this.#openedAt[depth] as number, nextAt)
    }
  }
}
