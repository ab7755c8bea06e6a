import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addRemote, makeRepo, openRepoAt } from '../support/temp-repo.ts'
import { startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const hasLfs = spawnSync('git', ['lfs', 'version']).status === 0
if (!hasLfs) console.warn('SKIPPED: git-lfs is not installed; .ci/run installs it')

const isPointer = (text: string): boolean => text.startsWith('version https://git-lfs.github.com/spec/v1\n')

test.skipIf(!hasLfs)(
  'large files go through git-lfs in both directions: pointers in commits, bytes on disk',
  async () => {
    const here = makeRepo({ '.gitattributes': '*.dat filter=lfs diff=lfs merge=lfs -text\n', 'a.md': 'a\n' })
    onTestFinished(() => here.dispose())
    here.git('lfs', 'install', '--local')
    const remote = addRemote(here)
    const there = openRepoAt(join(here.root, '..', 'there'))
    here.git('clone', '-q', remote.root, there.root)
    there.git('lfs', 'install', '--local')
    const { daemon } = await startMachine(here)
    await daemon.sync(null)

    const mine = `mine ${'x'.repeat(100_000)}`
    here.write('mine.dat', mine)
    expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
    expect(isPointer(remote.show('main:mine.dat'))).toBe(true)
    there.git('pull', '-q')
    expect(readFileSync(join(there.root, 'mine.dat'), 'utf8')).toBe(mine)

    const theirs = `theirs ${'y'.repeat(100_000)}`
    there.write('theirs.dat', theirs)
    there.git('add', '-A')
    there.git('commit', '-q', '-m', 'theirs')
    there.git('push', '-q')
    await until('the bytes', () => existsSync(join(here.root, 'theirs.dat')))
    expect(readFileSync(join(here.root, 'theirs.dat'), 'utf8')).toBe(theirs)
    await until('nothing left', () => here.git('status', '--porcelain') === '')
    expect(isPointer(here.show('HEAD:theirs.dat'))).toBe(true)
  },
)
