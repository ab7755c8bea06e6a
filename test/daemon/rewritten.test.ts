import { expect, test } from 'vitest'
import { rewrittenPause, stillRewritten, type Rewritten } from '../../src/daemon/rewritten.ts'

/** Each commit with its parents. `old` was pushed and is `lost`; `tip` is what the remote has. */
const parents: Readonly<Record<string, readonly string[]>> = {
  base: [],
  old: ['base'],
  amended: ['base'],
  onTop: ['amended'],
  both: ['onTop', 'old'],
  oldTop: ['old'],
  theirs: ['base'],
  oldBoth: ['oldTop', 'theirs'],
  elsewhere: ['base'],
}

function isAncestor(commit: string, tip: string): Promise<boolean> {
  const below = (one: string): boolean => one === commit || (parents[one] ?? []).some(below)
  return Promise.resolve(below(tip))
}

const engine = { history: { isAncestor } } as unknown as Parameters<typeof stillRewritten>[0]
const here: Rewritten = { head: 'amended', tip: 'old', lost: 'old', where: 'here', foreign: [] }
const there: Rewritten = { head: 'old', tip: 'theirs', lost: 'old', where: 'there', foreign: [] }

test.each([
  ['amended here, and HEAD is there still', here, 'amended', 'amended'],
  ['amended here, and committed on top', here, 'onTop', 'onTop'],
  ['amended here, and merged with what the remote has', here, 'both', null],
  ['amended here, and HEAD went elsewhere: it counts again when HEAD comes back', here, 'elsewhere', 'amended'],
  ['replaced there, and committed on top', there, 'oldTop', 'oldTop'],
  ['replaced there, and merged with what the remote has', there, 'oldBoth', null],
  ['taken back there to a commit that is here as well', { ...there, tip: 'base' }, 'oldTop', 'oldTop'],
  ['deleted there', { ...there, tip: null }, 'oldTop', 'oldTop'],
  ['emptied here, and begun anew', { ...here, head: null }, 'elsewhere', 'elsewhere'],
] as const)('%s', async (_, rewritten, head, expected) => {
  const still = await stillRewritten(engine, rewritten, head)
  expect(still?.head ?? null).toBe(expected)
  expect(rewrittenPause(still, head) !== null).toBe(expected === head)
})
