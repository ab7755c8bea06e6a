import type { Oid } from '../types.ts'

/** A commit that the remote may lack, and the bytes of the files that it brought. */
export interface Made {
  readonly oid: Oid
  /** What it was made on; null: nothing. */
  readonly base: Oid | null
  readonly sizeBytes: number
}

/** Remembered at most; of more the oldest are pushed as one. */
export const madeMax = 10_000

/** Commits to push before the last one, oldest first, so that no push carries more than `bytesMax` and one commit. */
export function stepsOf(made: readonly Made[], bytesMax: number): readonly Oid[] {
  const steps: Oid[] = []
  let bytes = 0
  for (const [index, { sizeBytes }] of made.entries()) {
    const before = made[index - 1]
    if (before !== undefined && bytes > 0 && bytes + sizeBytes > bytesMax) {
      steps.push(before.oid)
      bytes = 0
    }
    bytes += sizeBytes
  }
  return steps
}
