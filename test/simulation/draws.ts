import type { Chance } from './writers.ts'

export const between = (chance: Chance, from: number, to: number): number => from + chance() * (to - from)
/** Exponential: as if by independent chance at every moment. */
export const after = (chance: Chance, meanMs: number): number => -Math.log(1 - chance()) * meanMs

export const one = <T>(chance: Chance, list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T

/** Never the same twice, for all that chance can do. */
export function draft(chance: Chance): string {
  return `draft ${Math.floor(chance() * 2 ** 32)} ${Math.floor(chance() * 2 ** 32)}\n`
}
