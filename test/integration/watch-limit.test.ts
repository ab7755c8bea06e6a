import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { watchElsewhere } from '../support/watch-elsewhere.ts'
import { temporaryFolder } from '../support/watched-tree.ts'

/** A limit of one's own, without touching the machine's. */
const inNamespace = (setting: string, limit: number) => (script: string) =>
  [
    'unshare',
    '-Ur',
    'sh',
    '-c',
    `echo ${limit} > ${setting} && exec "$0" --input-type=module -e "$1"`,
    process.execPath,
    script,
  ] as const

const watches = '/proc/sys/user/max_inotify_watches'
const instances = '/proc/sys/user/max_inotify_instances'
const canUnshare = spawnSync('unshare', ['-Ur', 'sh', '-c', `echo 10 > ${watches}`]).status === 0

function treeOf(directories: number): string {
  const root = temporaryFolder()
  for (let i = 0; i < directories; i += 1) {
    mkdirSync(join(root, `d${i}`))
    writeFileSync(join(root, `d${i}`, 'file'), 'text')
  }
  return root
}

test.skipIf(!canUnshare)(
  'beyond the limit on watches it is degraded with what to do (needs user namespaces)',
  async () => {
    const root = treeOf(60)
    const there = await watchElsewhere(root, inNamespace(watches, 41))
    const health = there.health()
    expect(health?.directories).toBeLessThanOrEqual(41)
    expect(health?.directories).toBeGreaterThan(30)
    const left = 61 - (health?.directories ?? 0)
    expect(health?.degraded).toEqual({
      reason: `${left} of 61 directories cannot be watched: the system's limit on file watches is used up`,
      remedy: 'sudo sysctl user.max_inotify_watches=524288',
    })
    for (let i = 0; i < 60; i += 1) appendFileSync(join(root, `d${i}`, 'file'), 'more')
    await until('what is watched is told', () => there.seen.size === (health?.directories ?? 0) - 1)
    expect(there.rescans).toEqual([])

    for (let i = 0; i < 60; i += 2) rmSync(join(root, `d${i}`), { recursive: true })
    await until('there is room again', () => there.health()?.degraded === null && there.health()?.directories === 31)
    await until('a rescan is wanted', () => there.rescans.includes('directories could be watched again'))
    for (let i = 1; i < 60; i += 2) writeFileSync(join(root, `d${i}`, 'later'), '')
    await until('later files are told', () => [...there.seen].filter((path) => path.endsWith('/later')).length === 30)
  },
)

test.skipIf(!canUnshare)('without any watcher it is degraded and does not fail (needs user namespaces)', async () => {
  const there = await watchElsewhere(treeOf(3), inNamespace(instances, 0))
  expect(there.health()).toEqual({
    name: 'inotify',
    directories: 0,
    degraded: {
      reason:
        "4 of 4 directories cannot be watched: the system's limit on watchers (inotify instances) or open files is used up",
      remedy: 'sudo sysctl user.max_inotify_instances=1024; or raise `ulimit -n`',
    },
  })
})
