import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

  test.each([
    ['are empty', () => ''],
    ['lost their last byte', (text: string) => text.slice(0, -1)],
    ['have other line ends', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('a branch of packed refs that %s is gone, and not without commits', async (_, spoil) => {
    repo.git('pack-refs', '--all')
    const packed = join(repo.root, '.git', 'packed-refs')
    const text = readFileSync(packed, 'utf8')
    writeFileSync(packed, spoil(text))
    const hint = expect.stringMatching(/^run: echo [0-9a-f]{40} > .*refs\/heads\/main$/) as unknown
    await expect(engine.head()).rejects.toMatchObject({ failure: { name: 'corrupt', hint } })
    writeFileSync(packed, text)
    repo.write('f', '2\n')
    expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
  })

  test('a branch that is only begun is not gone: a new one, and one that a crash kept its first commit from', async () => {
    const oid = repo.git('rev-parse', 'HEAD')
    repo.git('checkout', '-q', '--orphan', 'fresh')
    expect(await engine.head()).toEqual({ ref: 'refs/heads/fresh', oid: null })
    const line = `${'0'.repeat(40)} ${oid} A <a@example.invalid> 1 +0000\tcommit: sync: one\n`
    repo.write('.git/logs/refs/heads/fresh', line)
    expect(await engine.head()).toEqual({ ref: 'refs/heads/fresh', oid: null })
    repo.git('rm', '-q', '--cached', 'f')
    expect(await commitPaths(engine, ['f'])).toMatchObject({ kind: 'committed' })
  })

  test('a HEAD without a blank names its branch all the same', async () => {
    writeFileSync(join(repo.root, '.git', 'HEAD'), 'ref:refs/heads/main\n')
    expect(await engine.head()).toEqual({ ref: 'refs/heads/main', oid: repo.git('rev-parse', 'HEAD') })
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
