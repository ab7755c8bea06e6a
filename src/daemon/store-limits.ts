import type { StoreLimits } from '../evidence/evidence.ts'
import type { Parts } from './board.ts'

/** Of what is held for its size anyway nothing is stored. */
export function storeLimits({ config, state }: Pick<Parts, 'config' | 'state'>): StoreLimits {
  const agreed = state.value.acknowledged.flatMap(({ what, oid }) => (what === 'blob' ? [oid] : []))
  return { maxFileBytes: config.guard.maxFileSizeBytes, agreed }
}
