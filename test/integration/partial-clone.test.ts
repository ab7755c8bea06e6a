/** A clone without blobs: what is new on the remote is fetched like anywhere else, checked and once. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { verifyRemote } from '../../src/push/push.ts'
import { openEngine } from '../support/open-engine.ts'
import { openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const main = 'refs/heads/main'
let there: TempRepo
let remote: TempRepo
let part: TempRepo
let engine: GitEngine

beforeEach(async () => {
  const machines = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
  there = machines.there
  remote = machines.remote
  remote.git('config', 'uploadpack.allowFilter', 'true')
  remote.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  for (let n = 0; n < 20; n++) there.git('commit', '-q', '--allow-empty', '-m', `${n}`)
  there.git('push', '-q')
  part = openRepoAt(join(machines.here.root, '..', 'part'))
  machines.here.git('clone', '-q', '--filter=blob:none', `file://${remote.root}`, part.root)
  engine = await openEngine(part)
  onTestFinished(() => engine.close())
})

/** A tree whose names are out of order, which no git makes and every check refuses. */
function pushBadTree(): string {
  const entry = Buffer.concat([
    Buffer.from('100644 a-first\0'),
    Buffer.from(there.git('rev-parse', 'HEAD:a.md'), 'hex'),
  ])
  const tree = Buffer.concat([there.gitBytes(['cat-file', 'tree', 'HEAD^{tree}']), entry])
  const written = there.gitBytes(['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'], tree).toString().trim()
  const bad = there.git('commit-tree', '-p', 'HEAD', '-m', 'bad', written)
  there.git('push', '-q', remote.root, `${bad}:${main}`)
  return bad
}

test('objects that a check refuses do not come in', async () => {
  const bad = pushBadTree()
  const seen = await verifyRemote(engine, main, part.git('rev-parse', 'HEAD'))
  expect(seen).toMatchObject({ kind: 'failed', failure: { detail: expect.stringContaining('treeNotSorted') } })
  expect(await engine.commitsOfOthers(part.git('rev-parse', 'HEAD'), bad)).toBe(0)
  await expect(engine.history.isAncestor(bad, 'HEAD')).rejects.toThrow()
  expect(await engine.history.commit(bad)).toBeNull()
})

test('of a remote with one commit more no more than that is fetched', async () => {
  pushFrom(there, { 'c.md': 'c\n' })
  const objects = (): number =>
    Number(/in-pack: (\d+)/.exec(part.git('count-objects', '-v'))?.[1]) +
    Number(/count: (\d+)/.exec(part.git('count-objects', '-v'))?.[1])
  const before = objects()
  expect(await verifyRemote(engine, main, part.git('rev-parse', 'HEAD'))).toMatchObject({ ahead: 0, behind: 1 })
  expect(objects() - before).toBeLessThan(5)
})

test('what others pushed is brought in, and what is not here of their files is fetched then', async () => {
  pushFrom(there, { 'a.md': 'theirs\n' })
  await engine.close()
  await startMachine(part)
  await until('it is here', () => existsSync(join(part.root, 'a.md')) && part.show('HEAD:a.md') === 'theirs\n')
  part.write('b.md', 'ours\n')
  await until('it is there', () => remote.show('main:b.md') === 'ours\n')
})
