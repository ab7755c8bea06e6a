import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { everyPath } from '../support/listing.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const names = Array.from({ length: 150 }, (_, number) => `many/n${number}.md`)

test('stopped amid very many files, it ends soon, loses nothing, and goes on at the next start', async (context) => {
  const repo = makeRepo({ '.gitattributes': 'many/* filter=slow\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  repo.git('push', '-q', '-u', 'origin', 'main')
  // All of them together take two and a half minutes.
  repo.git('config', 'filter.slow.clean', 'sleep 1; cat')
  const first = await startHere(repo, { git: { deadlines: { hurryMs: 100 } } })
  for (const name of names) repo.write(name, `${name}\n`)
  const objects = join(repo.root, '.git/objects')
  await until('it writes them', () => existsSync(join(objects, 'tmp_objdir-workspace-sync')), 20_000)
  const startMs = performance.now()
  await first.stop()
  expect(performance.now() - startMs).toBeLessThan(20_000)
  expect(repo.git('rev-list', '--count', 'HEAD')).toBe('1')
  expect(readdirSync(objects).filter((name) => name.startsWith('tmp'))).toEqual([])
  expect(everyPath(join(repo.root, '.git')).filter((path) => path.endsWith('.lock'))).toEqual([])

  repo.git('config', 'filter.slow.clean', 'cat')
  const second = await startHere(repo)
  const isThere = (): boolean => remote.git('ls-tree', '-r', '--name-only', 'main').split('\n').length === 151
  await until('all of them are on the remote', isThere, 20_000)
  await second.stop()
  expect(repo.git('status', '--porcelain')).toBe('')
  repo.git('fsck', '--strict')
}, 60_000)
