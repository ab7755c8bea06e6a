import { lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi, type TestContext } from 'vitest'
import type { StatusFile } from '../../src/report/report.ts'
import { branchView } from '../support/branch-view.ts'
import { startHere, type DaemonHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

// Seconds on an idle machine; on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })

const files = ['daemon.lock', 'state.json', 'status.json', 'daemon.log', 'index', 'index-copy', 'lock-token']
const messageFile = 'COMMIT_EDITMSG'
const clear = (path: string): void => rmSync(path, { recursive: true, force: true })

/** What may befall a file. */
const damages: Readonly<Record<string, (path: string) => void>> = {
  deleted: clear,
  emptied: (path) => writeFileSync(path, ''),
  'cut in the middle': (path) => {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === true) truncateSync(path, 20)
  },
  'overwritten with garbage': (path) => writeFileSync(path, Buffer.from([0, 1, 2, 255, 254, 123, 34])),
  'replaced by a directory': (path) => {
    clear(path)
    mkdirSync(join(path, 'inside'), { recursive: true })
  },
  'replaced by a link to nowhere': (path) => {
    clear(path)
    symlinkSync('/nonexistent/place', path)
  },
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

const start = ({ repo }: Place): Promise<DaemonHere> => startHere(repo, { sets: ['retry.delays=["100ms"]'] })

async function expectHonest({ directory }: Place): Promise<void> {
  const status = (): StatusFile => JSON.parse(readFileSync(join(directory, 'status.json'), 'utf8')) as StatusFile
  await until('it says that all is there', () => status().state === 'idle' && status().ahead === 0, 10_000)
  expect(status().pid).toBe(process.pid)
}

test.for(Object.entries(damages))(
  'every file of the state is %s while the daemon is down',
  async ([, damage], context) => {
    const here = place(context)
    const before = await start(here)
    await here.editArrives('before\n')
    await before.stop()
    for (const file of [...files, messageFile, 'control.sock']) damage(join(here.directory, file))
    const after = await start(here)
    context.onTestFinished(after.stop)
    await here.editArrives('after\n')
    await expectHonest(here)
    const told = after.told.filter((line) => line.includes('state.json'))
    expect(told.length).toBeLessThanOrEqual(1)
    here.repo.git('fsck', '--strict')
  },
)

test.for(Object.entries(damages))(
  'every file of the state is %s while the daemon runs',
  async ([, damage], context) => {
    const here = place(context)
    const daemon = await start(here)
    context.onTestFinished(daemon.stop)
    await here.editArrives('before\n')
    for (const file of [...files, messageFile]) damage(join(here.directory, file))
    await here.editArrives('after\n')
    await expectHonest(here)
    expect(readFileSync(join(here.directory, 'daemon.lock'), 'utf8')).toContain(`"pid":${process.pid}`)
    expect(daemon.told.filter((line) => line.includes('lock-lost'))).toEqual([])
    here.repo.git('fsck', '--strict')
  },
)

test('the whole state directory is removed while the daemon runs', async (context) => {
  const here = place(context)
  const daemon = await start(here)
  context.onTestFinished(daemon.stop)
  await here.editArrives('before\n')
  clear(here.directory)
  await here.editArrives('after\n')
  await expectHonest(here)
})
