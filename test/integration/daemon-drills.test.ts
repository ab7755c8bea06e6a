import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi, type TestContext } from 'vitest'
import { ask } from '../../src/control/control.ts'
import type { SyncError } from '../../src/errors.ts'
import { readJournal } from '../../src/journal/journal.ts'
import type { StatusFile } from '../../src/report/report.ts'
import { pathBytes } from '../../src/types.ts'
import { branchView } from '../support/branch-view.ts'
import { startHere, type DaemonHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

// Seconds on an idle machine; on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })

/** All that ever lies in the state directory under a name of its own. */
const files = [
  'daemon.lock',
  'state.json',
  'status.json',
  'last-status.json',
  'notices.json',
  'daemon.log',
  'daemon.log.1',
  'daemon.stderr',
  'index',
  'index-copy',
  'lock-token',
  'COMMIT_EDITMSG',
  'control.sock',
]
/** SQLite's own: what befalls them while they are open is in `journal-troubles.test.ts`. */
const journal = ['journal.db', 'journal.db-wal', 'journal.db-shm']
const clear = (path: string): void => rmSync(path, { recursive: true, force: true })
/** Nobody can write into a socket; and this very process may still have a database open that a daemon has closed. */
const put = (path: string, content: string | Buffer): void => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false || /journal/.test(path)) clear(path)
  writeFileSync(path, content)
}

/** What may befall a file. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  deleted: clear,
  emptied: (path) => put(path, ''),
  'cut in the middle': (path) => {
    const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
    if (isFile) put(path, readFileSync(path).subarray(0, 20))
  },
  'overwritten with garbage': (path) => put(path, Buffer.from([0, 1, 2, 255, 254, 123, 34])),
  'of a newer version': (path) => put(path, newer(path)),
  'replaced by a directory': (path) => {
    clear(path)
    mkdirSync(join(path, 'inside'), { recursive: true })
  },
  'replaced by a link to nowhere': (path) => {
    clear(path)
    symlinkSync('/nonexistent/place', path)
  },
}

/** As nobody can know it yet, but that it says so itself. */
function newer(path: string): string | Buffer {
  const version = Buffer.from([0, 0, 0, 99, 0, 0, 0, 0])
  if (/index(?:-copy)?$/.test(path)) return Buffer.concat([Buffer.from('DIRC'), version, Buffer.alloc(20)])
  return '{"version":99,"format":"of tomorrow"}'
}

interface Place {
  readonly repo: TempRepo
  readonly directory: string
  /** An edit reaches the remote, and nothing else is touched. */
  editArrives(text: string): Promise<void>
}

function place(context: TestContext): Place {
  const repo = makeRepo({ 'docs/a.md': 'first\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  writeFileSync(join(repo.root, '.git/hooks/commit-msg'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  repo.write('staged.md', 'mine\n')
  repo.git('add', 'staged.md')
  const there = branchView(remote, remote.root)
  return {
    repo,
    directory: join(repo.root, '.git/workspace-sync'),
    async editArrives(text) {
      repo.write('docs/a.md', text)
      await until(`${text} is on the remote`, () => there.content('docs/a.md') === text, 30_000)
      expect(there.paths()).toEqual(['docs/a.md'])
      await until('the index knows', () => repo.git('diff', '--cached', '--name-only') === 'staged.md', 10_000)
    },
  }
}

const start = ({ repo }: Place, sets: readonly string[] = []): Promise<DaemonHere> =>
  startHere(repo, { sets: ['retry.delays=["100ms"]', ...sets] })

const statusIn = ({ directory }: Place): StatusFile =>
  JSON.parse(readFileSync(join(directory, 'status.json'), 'utf8')) as StatusFile

async function expectHonest(here: Place): Promise<void> {
  const isIdle = (): boolean => statusIn(here).state === 'idle' && statusIn(here).ahead === 0
  await until('it says that all is there', isIdle, 10_000)
  expect(statusIn(here).pid).toBe(process.pid)
  const recorded = (): Promise<unknown> =>
    readJournal(here.directory, (reader) => reader.decisions(pathBytes('docs/a.md'), 1).length)
  await until(
    'the journal has it',
    async () => JSON.stringify(await recorded()) === '{"kind":"read","value":1}',
    10_000,
  )
}

test.concurrent.for(Object.entries(damages))(
  'every file of the state is %s while the daemon is down',
  async ([what, damage], context) => {
    const here = place(context)
    const before = await start(here)
    await here.editArrives('before\n')
    await before.stop()
    // What was agreed to is for no older version to forget: that is a test of its own.
    const spared = what === 'of a newer version' ? 'state.json' : null
    for (const file of [...files, ...journal]) if (file !== spared) damage(join(here.directory, file))
    const after = await start(here)
    context.onTestFinished(after.stop)
    await here.editArrives('after\n')
    await expectHonest(here)
    const told = after.told.filter((line) => line.includes('state.json'))
    expect(told.length).toBeLessThanOrEqual(1)
    here.repo.git('fsck', '--strict')
  },
)

test.concurrent.for(Object.entries(damages))(
  'every file of the state is %s while the daemon runs',
  async ([, damage], context) => {
    const here = place(context)
    const daemon = await start(here)
    context.onTestFinished(daemon.stop)
    await here.editArrives('before\n')
    for (const file of files) damage(join(here.directory, file))
    await here.editArrives('after\n')
    await expectHonest(here)
    expect(readFileSync(join(here.directory, 'daemon.lock'), 'utf8')).toContain(`"pid":${process.pid}`)
    expect(daemon.told.filter((line) => line.includes('lock-lost'))).toEqual([])
    await until('it listens', async () => (await ask(here.directory, 'ping', {})) !== 'no-daemon', 10_000)
    here.repo.git('fsck', '--strict')
  },
)

test.concurrent('the whole state directory is removed while the daemon runs', async (context) => {
  const here = place(context)
  const daemon = await start(here)
  context.onTestFinished(daemon.stop)
  await here.editArrives('before\n')
  clear(here.directory)
  await here.editArrives('after\n')
  await expectHonest(here)
})

test.concurrent(
  'a status that is gone or spoiled is written again at once, though nothing happens',
  async (context) => {
    const here = place(context)
    here.repo.git('reset', '-q', '--', 'staged.md')
    rmSync(join(here.repo.root, 'staged.md'))
    const daemon = await start(here, ['pull.interval=1h'])
    context.onTestFinished(daemon.stop)
    await until('it is at rest', () => statusIn(here).heartbeatMs === 60_000 && statusIn(here).state === 'idle', 10_000)
    const isWhole = (): boolean => {
      try {
        return statusIn(here).pid === process.pid
      } catch {
        return false
      }
    }
    for (const [what, damage] of Object.entries(damages)) {
      damage(join(here.directory, 'status.json'))
      await until(`${what}, it is there again`, isWhole, 10_000)
    }
  },
)

test.concurrent('a newer version’s state is refused with what to do, and that helps', async (context) => {
  const here = place(context)
  const before = await start(here)
  await before.stop()
  const path = join(here.directory, 'state.json')
  put(path, newer(path))
  const refused = await start(here).catch((error: unknown) => error)
  expect(refused).toMatchObject({ kind: 'configuration', message: expect.stringContaining('newer version') as string })
  expect(readFileSync(path, 'utf8')).toBe(newer(path))
  expect(existsSync(join(here.directory, 'daemon.lock'))).toBe(false)
  const [, command = ''] = /: (mv .*)$/.exec((refused as SyncError).hint) ?? []
  execFileSync('sh', ['-c', command])
  const after = await start(here)
  context.onTestFinished(after.stop)
  await here.editArrives('after\n')
})

test.concurrent(
  'a newer version’s state that is put there while the daemon runs is kept, and told',
  async (context) => {
    const here = place(context)
    const daemon = await start(here)
    context.onTestFinished(daemon.stop)
    await here.editArrives('before\n')
    const path = join(here.directory, 'state.json')
    put(path, newer(path))
    await here.editArrives('after\n')
    expect(readFileSync(`${path}.newer`, 'utf8')).toBe(newer(path))
    expect(readFileSync(path, 'utf8')).toContain('"cloneId"')
    expect(daemon.told.filter((line) => line.includes(`kept as ${path}.newer`))).toHaveLength(1)
  },
)
