import { expect, onTestFinished, test } from 'vitest'
import { keptSides } from '../../src/integrate/integrate.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

const clone = 'a'.repeat(16)

/** A side of `a.md`, kept in the same second as every other. */
function keep(repo: TempRepo, text: string, ours: string, theirs: string): void {
  const blob = repo.gitBytes(['hash-object', '-w', '--stdin'], text).toString().trim()
  const tree = repo.gitBytes(['mktree'], `100644 blob ${blob}\ta.md\n`).toString().trim()
  const person = 'A. Tester <tester@example.invalid> 1000000000 +0000'
  const trailers = `Workspace-Sync-Ours: ${ours}\nWorkspace-Sync-Theirs: ${theirs}\n`
  const commit = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\none side\n\n${trailers}`
  const oid = repo.gitBytes(['hash-object', '-t', 'commit', '-w', '--stdin'], commit).toString().trim()
  repo.git('update-ref', `refs/workspace-sync/conflicts/${clone}/${blob}`, oid)
}

/** Three commits, each upon the one before. */
function history(): { readonly repo: TempRepo; readonly commits: readonly [string, string, string] } {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const next = (): string => (repo.git('commit', '-q', '--allow-empty', '-m', 'x'), repo.git('rev-parse', 'HEAD'))
  return { repo, commits: [next(), next(), next()] }
}

async function order(repo: TempRepo): Promise<readonly string[]> {
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  return (await keptSides.all(engine, null)).map(({ kept }) => repo.git('cat-file', 'blob', kept.oid))
}

/** Whichever of the two has the lower blob. */
const texts = [
  ['one', 'other'],
  ['other', 'one'],
] as const

test.each(texts)(
  'of two sides kept in one second (%s, %s) that of the later commit is the newest',
  async (older, newer) => {
    const { repo, commits } = history()
    const [first, second, third] = commits
    keep(repo, older, first, third)
    keep(repo, newer, second, third)
    expect(await order(repo)).toEqual([newer, older])
  },
)

test.each(texts)('where ours were replayed (%s, %s) the later commit of the remote tells', async (older, newer) => {
  const { repo, commits } = history()
  const [first, second] = commits
  keep(repo, older, 'f'.repeat(40), first)
  keep(repo, newer, 'e'.repeat(40), second)
  expect(await order(repo)).toEqual([newer, older])
})
