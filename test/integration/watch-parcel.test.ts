import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { until } from '../support/until.ts'
import { watchElsewhere } from '../support/watch-elsewhere.ts'
import { parcelChild, temporaryFolder, watchTree, type WatchedTree } from '../support/watched-tree.ts'

const parcel = { watcher: 'parcel', parcelChild } as const

/** The processes that `pid` started and that live. */
function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

function isWatchProcess(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('parcel-child.js')
  } catch {
    return false
  }
}

const rescanned = (tree: WatchedTree, why: string): Promise<void> =>
  until(`a rescan: ${why}`, () => tree.rescans.includes(why), 15_000)

test('its process crashes: degraded with what to do, then watching again, and nothing stays unseen', async () => {
  const before = new Set(childrenOf(process.pid))
  const tree = await watchTree(['d/file', 'kept'], parcel)
  expect(tree.source.health()).toEqual({ name: 'parcel', directories: null, degraded: null })
  const [pid = 0] = childrenOf(process.pid).filter((child) => !before.has(child) && isWatchProcess(child))
  process.kill(pid, 'SIGSEGV')
  await until('degraded', () => tree.source.health().degraded !== null, 15_000)
  expect(tree.source.health().degraded).toEqual({
    reason: 'the process that watches failed (SIGSEGV)',
    remedy:
      'it is started again by itself; if it goes on: workspace-sync stop && workspace-sync start --set watcher=inotify',
  })
  tree.write('d/file', 'written meanwhile')
  await rescanned(tree, 'the watcher was started again')
  expect(tree.source.health().degraded).toBeNull()
  expect(tree.seen.get('d/file')?.sizeBytes).toBe('written meanwhile'.length)
  await tree.expectEditsSeen('d/file', 'kept')
})

test('what is written is told before anybody looks at it, since its writer can only be seen then', async () => {
  const noticed: string[] = []
  const skip = (directory: string): boolean => directory === 'left-out'
  const options = { ...parcel, skip, onNoticed: (path: string) => void noticed.push(path) }
  const tree = await watchTree(['left-out/old', 'kept'], options)
  tree.write('left-out/old', 'again')
  tree.write('kept', 'again')
  await until('it is told', () => noticed.includes('kept'), 15_000)
  expect(noticed).not.toContain('left-out/old')
})

test('its process ends with the daemon, also when that is killed', async () => {
  const root = temporaryFolder()
  const there = await watchElsewhere(
    root,
    (script) => [process.execPath, '--input-type=module', '-e', script],
    undefined,
    'parcel',
  )
  const [pid = 0] = childrenOf(there.pid)
  expect(isWatchProcess(pid)).toBe(true)
  process.kill(there.pid, 'SIGKILL')
  await until('it is gone', () => !isWatchProcess(pid), 15_000)
})

test('it knows nothing of the environment of the daemon', async () => {
  const before = new Set(childrenOf(process.pid))
  await watchTree([], parcel)
  const [pid = 0] = childrenOf(process.pid).filter((child) => !before.has(child) && isWatchProcess(child))
  const names = readFileSync(`/proc/${pid}/environ`, 'latin1')
    .split('\0')
    .map((entry) => entry.replace(/=.*/s, ''))
  expect(names.filter((name) => !name.startsWith('NODE_CHANNEL_') && name !== '')).toEqual([])
})

test('names are told byte for byte, and one that is not UTF-8 has the whole tree compared', async () => {
  const names = [
    'two\nlines',
    'tab\there\\n',
    `it's "quoted"`,
    'caf\u00e9',
    'cafe\u0301',
    '\u{1f9ea}',
    '- name -',
    '[*]{a,b}?',
  ]
  const tree = await watchTree(
    names.map((name) => `k${name}/${name}`),
    parcel,
  )
  await tree.expectEditsSeen(...names.map((name) => `k${name}/${name}`))
  expect(tree.rescans).toEqual([])
  writeFileSync(Buffer.concat([Buffer.from(`${tree.root}/k`), Buffer.of(0xff)]), 'text')
  await rescanned(tree, 'a name that is not UTF-8 changed')
})

test('the git directory is not told about, and a repository that comes or goes inside marks its folder', async () => {
  const tree = await watchTree(['.git/HEAD', 'nested/file', 'file'], parcel)
  tree.write('.git/HEAD', 'other')
  tree.write('nested/.git', 'gitdir: elsewhere')
  await tree.expectPresent('nested')
  await tree.settle()
  expect([...tree.seen.keys()].filter((path) => path.includes('.git'))).toEqual([])
})

test('what is skipped or pruned is not told, until git ignores other things', async () => {
  let skipped = 'one'
  const tree = await watchTree(['one/sub/file', 'two/sub/file', 'three/file'], {
    ...parcel,
    skip: (directory) => directory === skipped,
    skipped: () => [pathBytes(skipped)],
  })
  tree.source.prune(pathBytes('three'))
  tree.write('one/sub/file', 'other')
  tree.write('three/file', 'other')
  await tree.expectEditsSeen('two/sub/file')
  expect([...tree.seen.keys()]).toEqual(['two/sub/file'])
  skipped = 'two'
  await tree.source.rewatch()
  await rescanned(tree, 'what git ignores changed')
  await tree.expectEditsSeen('one/sub/file', 'three/file')
  appendFileSync(tree.at('two/sub/file'), 'more')
  await tree.settle()
  expect([...tree.seen.keys()].toSorted()).toEqual(['one/sub/file', 'three/file'])
})

test('a root that goes is told as degraded; one that takes its place is watched', async () => {
  const tree = await watchTree(['d/file'], { ...parcel, limits: { checkMs: 20 } })
  renameSync(tree.root, `${tree.root}-away`)
  await until('degraded', () => tree.source.health().degraded !== null, 15_000)
  expect(tree.source.health().degraded?.reason).toBe('the workspace folder is gone')
  tree.write('d/file')
  await rescanned(tree, 'the workspace folder was replaced')
  expect(tree.source.health().degraded).toBeNull()
  await tree.expectEditsSeen('d/file')
})

test('close resolves a start that is under way, and ends its process', async () => {
  const before = new Set(childrenOf(process.pid))
  const tree = await watchTree([], parcel)
  const [pid = 0] = childrenOf(process.pid).filter((child) => !before.has(child) && isWatchProcess(child))
  const rewatched = tree.source.rewatch()
  tree.source.close()
  await rewatched
  await until('it is gone', () => !isWatchProcess(pid), 15_000)
})

const watches = '/proc/sys/user/max_inotify_watches'
const canUnshare = spawnSync('unshare', ['-Ur', 'sh', '-c', `echo 10 > ${watches}`]).status === 0

test.skipIf(!canUnshare)(
  'beyond the limit on watches it is degraded with what to do, and heals (needs user namespaces)',
  async () => {
    const root = temporaryFolder()
    for (let i = 0; i < 30; i += 1) mkdirSync(join(root, `d${i}`))
    const inNamespace = (script: string) =>
      [
        'unshare',
        '-Ur',
        'sh',
        '-c',
        `echo 20 > ${watches} && exec "$0" --input-type=module -e "$1"`,
        process.execPath,
        script,
      ] as const
    const there = await watchElsewhere(root, inNamespace, undefined, 'parcel')
    expect(there.health()?.degraded).toEqual({
      reason: "not all directories can be watched: the system's limit on file watches is used up",
      remedy: 'sudo sysctl user.max_inotify_watches=524288',
    })
    for (let i = 0; i < 20; i += 1) rmSync(join(root, `d${i}`), { recursive: true })
    await until('healthy', () => there.health()?.degraded === null, 15_000)
    writeFileSync(join(root, 'd25', 'file'), '')
    await until('told', () => there.seen.has('d25/file'), 15_000)
  },
)
