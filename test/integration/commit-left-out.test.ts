import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { commitMessage } from '../../src/commit/commit.ts'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
import type { PlanEntry } from '../../src/types.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

async function start(files: Readonly<Record<string, string>>): Promise<void> {
  repo = makeRepo(files)
  engine = await openEngine(repo)
}

const refusedName = 'git refuses this name: rename it'

eachEngine(() => {
  test('nothing but a name that git refuses: no commit, and the name is told', async () => {
    await start({ plain: 'x\n' })
    repo.write('git~1', 'x')
    expect(await commitPaths(engine, ['git~1'])).toEqual({
      kind: 'empty',
      leftOut: [{ path: 'git~1', reason: refusedName }],
    })
    expect(repo.git('log', '--format=%s')).toBe('first')
  })

  test('the message names what the commit has, and nothing of what was left out', async () => {
    await start({ plain: 'x\n' })
    for (const path of ['git~1', 'sub/a.md', 'sub/b.md']) repo.write(path, 'y\n')
    const signature = { id: 'x', host: 'h', writer: null, template: 'sync: {summary}', skipCi: false }
    const message = (entries: readonly PlanEntry[]): string => commitMessage(entries, signature)
    await commitPaths(engine, ['git~1', 'sub/a.md', 'sub/b.md'], { message })
    expect(repo.git('log', '-1', '--format=%B').split('\n').slice(0, 4)).toEqual([
      'sync: 2 files in sub',
      '',
      '* sub/a.md',
      '* sub/b.md',
    ])
    expect(repo.git('reflog', '-1', '--format=%gs')).toBe('commit: sync: 2 files in sub')
  })

  test('more refused names than git can be heard out on are told one by one', async () => {
    await start({ plain: 'x\n' })
    const long = 'x'.repeat(200)
    const names = Array.from({ length: 300 }, (_, number) => `${long}/${number}/git~1`)
    for (const name of names) repo.write(name, 'x')
    repo.write('plain', 'y\n')
    const outcome = await commitPaths(engine, [...names, 'plain'])
    expect(outcome).toMatchObject({ kind: 'committed', paths: ['plain'] })
    expect(outcome.kind === 'committed' && outcome.leftOut).toEqual(
      names.map((path) => ({ path, reason: refusedName })),
    )
  })

  test('a file in the place of a directory waits for a file of it whose deletion is staged', async () => {
    await start({ 'd/a.md': '1\n', 'd/b.md': '1\n' })
    repo.git('rm', '-q', '--cached', 'd/a.md')
    rmSync(join(repo.root, 'd'), { recursive: true })
    repo.write('d', 'now a file\n')
    expect(await commitPaths(engine, ['d', 'd/b.md'])).toMatchObject({
      kind: 'committed',
      paths: ['d/b.md'],
      leftOut: [{ path: 'd', reason: 'waits for d/a.md, which is staged: commit or unstage it' }],
    })
    expect(repo.git('diff', '--cached', '--name-status')).toBe('D\td/a.md')
  })

  test('a file below a directory waits for the staged file in whose place the directory is', async () => {
    await start({ other: '1\n' })
    repo.write('d', 'a file\n')
    repo.git('add', 'd')
    rmSync(join(repo.root, 'd'))
    repo.write('d/a.md', 'below\n')
    expect(await commitPaths(engine, ['d/a.md'])).toEqual({
      kind: 'empty',
      leftOut: [{ path: 'd/a.md', reason: 'waits for d, which is staged: commit or unstage it' }],
    })
    expect(repo.show(':d')).toBe('a file\n')
  })

  test('a reason is one line, whatever a name holds', async () => {
    await start({ 'd/one\ntwo': '1\n', other: '1\n' })
    rmSync(join(repo.root, 'd'), { recursive: true })
    repo.write('d', 'now a file\n')
    const outcome = await commitPaths(engine, ['d'])
    expect(outcome).toMatchObject({ kind: 'empty', leftOut: [{ reason: expect.stringContaining('d/one?two') }] })
  })

  test('a deletion of what was never committed changes nothing and waits for nothing', async () => {
    await start({ other: '1\n' })
    expect(await commitPaths(engine, ['never'])).toEqual({ kind: 'empty', leftOut: [] })
  })
})

test('a name that git refuses and that is committed all the same, from another system, stays as it is there', async () => {
  await start({ plain: 'x\n' })
  repo.git('config', 'core.protectNTFS', 'false')
  repo.write('git~1', 'old\n')
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'odd')
  for (const plain of ['y\n', 'z\n']) {
    if (plain === 'z\n') rmSync(join(repo.root, 'git~1'))
    else repo.write('git~1', 'new\n')
    repo.write('plain', plain)
    const outcome = await commitPaths(engine, ['git~1', 'plain'])
    expect(outcome).toMatchObject({ kind: 'committed', paths: ['plain'], leftOut: [{ path: 'git~1' }] })
    expect(repo.show('HEAD:git~1')).toBe('old\n')
  }
})
