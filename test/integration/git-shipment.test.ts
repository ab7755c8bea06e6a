import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import type { GitEngine, OpenOptions } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo, tempDirectory } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

/** As many as are shipped. */
const names = Array.from({ length: 120 }, (_, number) => `many/n${number}`)

async function place(
  context: TestContext,
  files: Readonly<Record<string, string>> = { first: 'first\n' },
  options: Partial<OpenOptions> = {},
): Promise<{ readonly repo: TempRepo; readonly engine: GitEngine }> {
  const repo = makeRepo(files)
  context.onTestFinished(() => repo.dispose())
  const engine = await openEngine(repo, options)
  context.onTestFinished(() => engine.close())
  return { repo, engine }
}

const filesOf = (paths: readonly string[]) => paths.map((path) => ({ path: pathBytes(path), kind: 'file' as const }))
const packsOf = ({ root }: TempRepo) =>
  readdirSync(join(root, '.git/objects/pack')).filter((name) => name.endsWith('.pack'))
const looseOf = ({ root }: TempRepo) =>
  readdirSync(join(root, '.git/objects')).flatMap((folder) =>
    /^[0-9a-f]{2}$/.test(folder) ? readdirSync(join(root, '.git/objects', folder)) : [],
  ).length
const leftIn = ({ root }: TempRepo) =>
  readdirSync(join(root, '.git/objects')).filter((name) => !/^(?:[0-9a-f]{2}|info|pack)$/.test(name))

test.concurrent('many blobs become one pack, what is there already stays, and filters are applied', async (context) => {
  const attributes = '*.txt text eol=crlf\n*.up filter=upper\n'
  const { repo, engine } = await place(context, { '.gitattributes': attributes, first: 'first\n' })
  repo.git('config', 'filter.upper.clean', 'tr a-z A-Z')
  for (const name of names) repo.write(name, `${name}\n`)
  repo.write('a.txt', 'one\r\n')
  repo.write('b.up', 'loud\n')
  repo.write('same', 'first\n')
  symlinkSync('nowhere', join(repo.root, 'link'))
  const before = looseOf(repo)
  const requests = filesOf([...names, 'a.txt', 'b.up', 'same', 'gone'])
  const oids = await engine.writeBlobs([...requests, { path: pathBytes('link'), kind: 'link' }])
  const textOf = async (path: string): Promise<string> => {
    const oid = oids.get(pathBytes(path))
    if (typeof oid !== 'string') return JSON.stringify(oid)
    return Buffer.from((await engine.readBlob(oid, 1_000)) ?? []).toString()
  }
  const asked = [names[0] ?? '', 'a.txt', 'b.up', 'same', 'gone', 'link']
  expect(await Promise.all(asked.map(textOf))).toEqual(['many/n0\n', 'one\n', 'LOUD\n', 'first\n', 'null', 'nowhere'])
  expect(packsOf(repo)).toHaveLength(1)
  expect(repo.git('verify-pack', '-v', join(repo.root, '.git/objects/pack', packsOf(repo)[0] ?? ''))).toContain(
    'non delta: ',
  )
  expect(looseOf(repo)).toBe(before)
  expect(leftIn(repo)).toEqual([])
})

test.concurrent('a large file among many goes where it stays at once', async (context) => {
  const { repo, engine } = await place(context)
  for (const name of names) repo.write(name, `${name}\n`)
  repo.write('large', Buffer.alloc(2 ** 20 + 1, 7))
  const before = looseOf(repo)
  const oids = await engine.writeBlobs(filesOf([...names, 'large']))
  expect(oids.get(pathBytes('large'))).toMatch(/^[0-9a-f]{40}$/)
  expect([packsOf(repo).length, looseOf(repo) - before]).toEqual([1, 1])
})

test.concurrent('files that cannot be read and filters that fail hold up themselves only', async (context) => {
  const { repo, engine } = await place(context, { '.gitattributes': '*.bad filter=broken\n' })
  repo.git('config', 'filter.broken.clean', 'false')
  repo.git('config', 'filter.broken.required', 'true')
  for (const name of names) repo.write(name, `${name}\n`)
  repo.write('x.bad', 'x')
  mkdirSync(join(repo.root, 'folder'))
  const oids = await engine.writeBlobs(filesOf(['x.bad', 'folder', ...names]))
  expect(oids.get(pathBytes('x.bad'))).toHaveProperty('refused')
  expect(oids.get(pathBytes('folder'))).toBeNull()
  expect(names.every((name) => typeof oids.get(pathBytes(name)) === 'string')).toBe(true)
})

test.concurrent('what is published is synced before it is named, and what is on its way is not', async (context) => {
  const traced = tempDirectory()
  context.onTestFinished(() => traced.dispose())
  const [global, trace] = [join(traced.path, 'config'), join(traced.path, 'trace')]
  writeFileSync(global, `[trace2]\n\teventTarget = ${trace}\n`)
  const environment = { ...gitEnvironment, GIT_CONFIG_GLOBAL: global }
  const { repo, engine } = await place(context, { first: 'first\n' }, { environment, shipmentMin: 3 })
  const paths = ['a/one', 'b/two', 'c/three']
  for (const path of paths) repo.write(path, `${path}\n`)
  writeFileSync(trace, '')
  expect(await commitPaths(engine, paths)).toMatchObject({ kind: 'committed' })
  await engine.close()
  const flushes = flushesIn(readFileSync(trace, 'utf8'))
  expect(flushes.filter(([verb]) => verb === 'hash-object' || verb === 'write-tree')).toEqual([
    ['hash-object', 0],
    ['write-tree', 0],
  ])
  // The pack and its index, each; the commit; the branch and its lock's content.
  expect(flushes.filter(([verb]) => verb === 'pack-objects').map(([, count]) => count >= 2)).toEqual([true, true])
  expect(flushes.find(([verb]) => verb === 'commit-tree')?.[1]).toBe(1)
  expect(flushes.find(([verb]) => verb === 'update-ref')?.[1]).toBeGreaterThanOrEqual(1)
})

/** Of each process in the order of their ends: its verb, and how often it had the disk flush. */
function flushesIn(trace: string): readonly (readonly [verb: string, flushes: number])[] {
  const verbs = new Map<string, string>()
  const counts = new Map<string, number>()
  const ended: string[] = []
  for (const line of trace.split('\n').filter((one) => one !== '')) {
    const event = JSON.parse(line) as { event: string; sid: string; name?: string; key?: string; value?: string }
    if (event.event === 'cmd_name') verbs.set(event.sid, event.name ?? '')
    if (event.event === 'data' && event.key === 'fsync/hardware-flush') counts.set(event.sid, Number(event.value))
    if (event.event === 'atexit') ended.push(event.sid)
  }
  return ended.map((sid) => [verbs.get(sid) ?? '', counts.get(sid) ?? 0] as const)
}

test.concurrent('in a hurry the writing of many ends, leaves nothing, and is done anew later', async (context) => {
  const { repo, engine } = await place(
    context,
    { '.gitattributes': 'many/* filter=slow\n' },
    { deadlines: { hurryMs: 50 } },
  )
  repo.git('config', 'filter.slow.clean', 'sleep 1; cat')
  for (const name of names) repo.write(name, `${name}\n`)
  const writing = engine.writeBlobs(filesOf(names))
  const startMs = performance.now()
  engine.hurry()
  await expect(writing).rejects.toThrow()
  expect(performance.now() - startMs).toBeLessThan(10_000)
  expect([packsOf(repo), leftIn(repo)]).toEqual([[], []])
  repo.git('config', 'filter.slow.clean', 'cat')
  const later = await openEngine(repo)
  const oids = await later.writeBlobs(filesOf(names))
  await later.close()
  expect(names.every((name) => typeof oids.get(pathBytes(name)) === 'string')).toBe(true)
})

test.concurrent('what a killed process left on its way is cleared away at the next start', async (context) => {
  const { repo, engine } = await place(context)
  const left = join(repo.root, '.git/objects/tmp_objdir-workspace-sync')
  mkdirSync(join(left, 'ab'), { recursive: true })
  writeFileSync(join(left, 'ab/cd'), 'half')
  chmodSync(join(left, 'ab/cd'), 0o444)
  await engine.recover(null, memoryJournal())
  expect(existsSync(left)).toBe(false)
})

test.concurrent(
  'a commit of more paths than git likes to be told of leaves the index as every other',
  async (context) => {
    const { repo, engine } = await place(context, { kept: '1\n', mine: '1\n', gone: '1\n' })
    repo.write('mine', '2\n')
    repo.git('add', 'mine')
    const many = Array.from({ length: 1_100 }, (_, number) => `m${number % 7}/n${number}`)
    for (const path of many) repo.write(path, `${path}\n`)
    rmSync(join(repo.root, 'gone'))
    expect(await commitPaths(engine, [...many, 'gone'])).toMatchObject({ kind: 'committed' })
    expect(repo.git('status', '--porcelain')).toBe('M  mine')
    expect(repo.git('diff-files', '--name-only')).toBe('')
    expect(repo.git('diff', '--cached', '--name-only')).toBe('mine')
  },
)
