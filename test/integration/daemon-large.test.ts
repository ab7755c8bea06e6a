import { execFile } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, gitEnvironment, makeRepo } from '../support/temp-repo.ts'
import { program } from '../support/workspace.ts'

function storedBytes(root: string): number {
  const objects = join(root, '.git', 'objects')
  const files = readdirSync(objects, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(objects, name)))
  return files.reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
}

test('a file that is held for its size is not stored each time it changes, and leaves when somebody says so', async () => {
  const repo = makeRepo({ 'data.db': 'x\n', 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo, { sets: ['guard.maxFileSize=100KB'] })
  onTestFinished(stop)
  for (let round = 0; round < 3; round++) {
    writeFileSync(join(repo.root, 'data.db'), randomBytes(300_000 + round))
    repo.write('a.md', `${round}\n`)
    expect(await daemon.sync(null)).toMatchObject({ held: [{ path: 'data.db' }], problem: null })
    expect(remote.show('main:a.md')).toBe(`${round}\n`)
  }
  expect(storedBytes(repo.root)).toBeLessThan(100_000)
  await promisify(execFile)(process.execPath, [program, 'ack', 'data.db', '--set', 'guard.maxFileSize=100KB'], {
    cwd: repo.root,
    env: gitEnvironment,
  })
  expect(await daemon.sync(null)).toMatchObject({ ok: true, held: [] })
  expect(remote.git('cat-file', '-s', 'main:data.db')).toBe('300002')
  // As at HEAD again, though its date says otherwise; and under another name.
  repo.git('mv', 'data.db', 'other.db')
  repo.git('reset', '-q')
  expect(await daemon.sync(null)).toMatchObject({ ok: true, held: [] })
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).toBe('a.md\nother.db')
})
