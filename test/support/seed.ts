import { randomInt } from 'node:crypto'

export interface Dice {
  /** Uniform in [0, 1). */
  next(): number
  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number
  pick<T>(choices: readonly T[]): T
  /** Lower-case letters that no rule can know. */
  word(length: number): string
}

/** A seed drawn at run time and printed; `SEED=n` in the environment replays it. */
export function drawSeed(): number {
  const given = process.env['SEED']
  const seed = given === undefined ? randomInt(2 ** 32 - 1) : Number(given)
  console.log(`seed ${seed} (SEED=${seed} replays it)`)
  return seed
}

/** mulberry32: the same numbers for the same seed on every machine. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    between,
    pick: (choices) => choices[between(0, choices.length - 1)] as (typeof choices)[number],
    word: (length) => Array.from({ length }, () => String.fromCharCode(97 + between(0, 25))).join(''),
  }
}
