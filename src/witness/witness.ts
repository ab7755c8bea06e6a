/**
 * Who wrote here. Evidence fades in milliseconds, so it is taken down while it is fresh and asked for later. Tiers are
 * asked in their order and the first that answers decides; when none does the answer is `unknown`, never a guess.
 */
import type { Writer } from '../types.ts'
import type { WitnessTier, WriterQuestion } from './tier.ts'

export interface Witness {
  ask(question: WriterQuestion): Writer
}

const unknownWriter: Writer = {
  kind: 'unknown',
  name: null,
  tier: null,
  confidence: 0,
  policy: null,
  session: null,
}

/** @param tiers best first. */
export function createWitness(tiers: readonly WitnessTier[]): Witness {
  return {
    ask(question) {
      for (const tier of tiers) {
        const writer = tier.answer(question)
        if (writer !== null) return writer
      }
      return unknownWriter
    },
  }
}

export { createOwnWrites, type OwnWrites } from './own-writes.ts'
export { listedWriters } from './listed.ts'
export { Observer } from './observer.ts'
export { tagHashOf, type Declaration } from './trees.ts'
export type { WitnessTier, WriterQuestion } from './tier.ts'
