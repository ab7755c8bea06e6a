import { expect, test } from 'vitest'
import { playMachines } from '../machines/play.ts'
import { drawSeed } from '../support/seed.ts'

test.each([
  ['merge', 120],
  ['rebase', 60],
] as const)(
  'three machines that edit the same files at random, with cut lines, become equal and lose nothing (%s)',
  { timeout: 180_000 },
  async (mode, edits) => {
    const seed = drawSeed()
    const result = await playMachines({ seed, machines: 3, edits, mode, log: () => {} })
    expect(result.lost, JSON.stringify(result)).toEqual([])
    expect(result.differences, JSON.stringify(result)).toEqual([])
  },
)
