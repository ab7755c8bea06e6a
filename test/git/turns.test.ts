import { expect, test } from 'vitest'
import { fitOf } from '../../src/git/fit.ts'
import { readStageList } from '../../src/git/index-table.ts'
import { createTrees } from '../../src/git/trees.ts'
import { refreshable, stagingOf, type UserIndex } from '../../src/git/user-index.ts'
import type { Repository } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'

const oid = 'a'.repeat(40)
const names = Array.from({ length: 20_000 }, (_, at) => `f${String(at).padStart(5, '0')}`)
const paths = names.map((name) => pathBytes(name))
const tree = Buffer.concat(names.map((name) => Buffer.from(`100644 ${name}\0${'\xaa'.repeat(20)}`, 'latin1')))
const commit = Buffer.from(`tree ${oid}\n`)
const table = readStageList(names.map((name) => `H 100644 ${oid} 0\t${name}`))
const index: UserIndex = { read: async () => table, hasUnmerged: async () => false, hasHidden: async () => false }
const trees = createTrees(
  { repository: { objectFormat: 'sha1' } as Repository },
  {
    read: async (id) => (id === oid ? { oid, type: 'tree', bytes: tree } : { oid: id, type: 'commit', bytes: commit }),
  },
  async () => names,
)
const head = 'c'.repeat(40)

/** How often the loop turned meanwhile. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  const counting = { turns: 0, isOver: false }
  const turn = (): void => {
    counting.turns += 1
    if (!counting.isOver) setImmediate(turn)
  }
  setImmediate(turn)
  await work
  counting.isOver = true
  return counting.turns
}

const entries = paths.map((path) => ({ path, mode: '100644', oid }) as const)
const plan = { id: 'x', ref: 'refs/heads/main', base: head, entries, message: '' }
const work: readonly (readonly [string, () => Promise<{ readonly length: number }>])[] = [
  ['what lies at them in a commit', async () => [...(await trees.entriesAt(head, paths))]],
  ['whether they are staged', async () => [...(await stagingOf(index, trees, head, paths)), ...paths]],
  ['whether their index entries may move on', () => refreshable(index, trees, head, paths)],
  ['whether they fit into a commit', async () => (await fitOf(trees, table, plan)).entries],
]

test.each(work)('twenty thousand paths are not asked about in one turn of the loop: %s', async (_, ask) => {
  await trees.entriesAt(head, paths.slice(0, 1))
  const found: { length: number } = { length: 0 }
  const turns = await turnsDuring(ask().then(({ length }) => (found.length = length)))
  expect(found.length).toBe(20_000)
  expect(turns).toBeGreaterThanOrEqual(19)
})
