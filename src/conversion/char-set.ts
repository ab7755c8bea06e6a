/** Characters that one place may take. `negated`: all but these. */
export interface CharSet {
  readonly negated: boolean
  /** Pairs of code points, both ends included, ascending and apart. */
  readonly ranges: readonly (readonly [number, number])[]
}

export const anyCharacter: CharSet = { negated: true, ranges: [] }
