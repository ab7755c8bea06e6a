import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

/** Permission bits stop root from nothing, so the engine runs as somebody else for a while. */
const somebody = 12345

let repo: TempRepo

beforeEach(() => {
  expect(process.getuid?.(), 'this test needs root to become another user').toBe(0)
  repo = makeRepo({ ours: '0\n' })
})

afterEach(() => {
  process.seteuid?.(0)
  repo.dispose()
})

function handOver(): void {
  chownSync(dirname(repo.root), somebody, somebody)
  chownSync(repo.root, somebody, somebody)
  for (const path of below(repo.root)) chownSync(path, somebody, somebody)
}

function setWritable(isWritable: boolean): void {
  for (const path of [join(repo.root, '.git'), ...below(join(repo.root, '.git'))]) {
    if (statSync(path).isDirectory()) chmodSync(path, isWritable ? 0o755 : 0o555)
  }
}

function below(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name))
}

eachEngine(() => {
  test('a git directory that cannot be written is refused at the start by name', async () => {
    handOver()
    setWritable(false)
    process.seteuid?.(somebody)
    await expect(openEngine(repo)).rejects.toMatchObject({ kind: 'repository', hint: /writable/ })
  })

  test('one that becomes read-only later fails by name, loses nothing, and goes on when it is writable', async () => {
    repo.write('ours', '1\n')
    handOver()
    process.seteuid?.(somebody)
    const engine = await openEngine(repo)
    setWritable(false)
    await expect(commitPaths(engine, ['ours'])).rejects.toMatchObject({ hint: /writable/ })
    setWritable(true)
    expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
    repo.write('ours', '2\n')
    await engine.close()
  })

  test('a branch that cannot be moved leaves HEAD, index and work tree as they were', async () => {
    repo.write('ours', '1\n')
    handOver()
    process.seteuid?.(somebody)
    const engine = await openEngine(repo)
    const heads = join(repo.root, '.git', 'refs', 'heads')
    chmodSync(heads, 0o555)
    expect(await commitPaths(engine, ['ours'])).toMatchObject({
      kind: 'failed',
      failure: { name: 'read-only', heals: 'person' },
    })
    expect(repo.git('status', '--porcelain')).toBe(' M ours')
    expect(readdirSync(join(repo.root, '.git'))).not.toContain('index.lock')
    chmodSync(heads, 0o755)
    expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
    await engine.close()
  })
})
