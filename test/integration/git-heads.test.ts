import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

eachEngine(() => {
  beforeEach(async () => {
    repo = makeRepo({ f: '1\n' })
    engine = await openEngine(repo)
  })

  afterEach(async () => {
    await engine.close()
    repo.dispose()
  })

  test.each([
    ['empty', ''],
    ['full of zeros', '\0'.repeat(41)],
  ])('a branch file that a power cut left %s is broken, not a branch without commits', async (_, text) => {
    const oid = repo.git('rev-parse', 'HEAD')
    const file = join(repo.root, '.git', 'refs', 'heads', 'main')
    writeFileSync(file, text)
    const hint = `run: echo ${oid} > ${file}`
    await expect(engine.head()).rejects.toMatchObject({ failure: { name: 'corrupt', hint } })
    writeFileSync(file, `${oid}\n`)
    repo.write('f', '2\n')
    expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
  })

  test('a HEAD that is a link, as git made them once, is on the branch that the link names', async () => {
    const head = join(repo.root, '.git', 'HEAD')
    rmSync(head)
    symlinkSync('refs/heads/main', head)
    expect(await engine.head()).toEqual({ ref: 'refs/heads/main', oid: repo.git('rev-parse', 'HEAD') })
    expect(await engine.pauses()).toEqual([])
    repo.write('f', '2\n')
    expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
    expect(repo.git('status', '--porcelain', '--branch')).toBe('## main')
  })
})
