import { expect, test } from 'vitest'
import { playUser } from '../plays/user.ts'
import { drawSeed } from '../support/seed.ts'

test(
  'somebody who stages, commits, amends, rebases, merges and switches beside it loses nothing and is not disturbed',
  { timeout: 180_000 },
  async () => {
    const lines: string[] = []
    const log = (line: string): void => void lines.push(line)
    const result = await playUser({ seed: drawSeed(), commands: 50, endMs: Infinity, recordFile: null, log })
    const all = [JSON.stringify(result, null, 2), ...lines].join('\n')
    expect(result.lost, all).toEqual([])
    expect(result.faults, all).toEqual([])
  },
)
