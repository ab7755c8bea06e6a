import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDocuments } from '../../src/classify/documents.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { fingerprintOf } from '../../src/integrate/at-path.ts'
import { prepareIntegration } from '../../src/integrate/integrate.ts'
import { keepConflicts } from '../../src/integrate/conflicts.ts'
import { placeFiles } from '../../src/integrate/place.ts'
import type { PathBytes, PlanEntry } from '../../src/types.ts'
import { Crash, failingCalls, type FailingCalls, type FaultMode } from '../support/failing-calls.ts'
import { memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo, openRepoAt, tempDirectory, type TempRepo } from '../support/temp-repo.ts'

let template: TempRepo
let tip = ''
let scratch: ReturnType<typeof tempDirectory>

/** Both sides have committed; something of the user's is staged. */
beforeAll(() => {
  template = makeRepo({ 'theirs.md': '1\n', 'both.md': '1\n', 'gone.md': '1\n', 'mine.md': '1\n', 'staged.md': '1\n' })
  template.git('checkout', '-q', '-b', 'theirs')
  template.write('theirs.md', '2\n')
  template.write('both.md', 'theirs\n')
  template.write('new/deep.md', 'new\n')
  template.git('rm', '-q', 'gone.md')
  template.git('add', '-A')
  template.git('commit', '-q', '-m', 'theirs')
  tip = template.git('rev-parse', 'HEAD')
  template.git('checkout', '-q', 'main')
  template.write('mine.md', '2\n')
  template.write('both.md', 'ours\n')
  template.git('commit', '-q', '-am', 'ours')
  template.write('staged.md', 'staged\n')
  template.git('add', 'staged.md')
  // It is copied a hundred times, and git's samples are half of it.
  rmSync(join(template.root, '.git', 'hooks'), { recursive: true })
  scratch = tempDirectory()
})

afterAll(() => {
  template.dispose()
  scratch.dispose()
})

/** The whole way, as the daemon goes it. */
async function integrate(engine: GitEngine, journal: ReturnType<FailingCalls['journal']>): Promise<string> {
  const head = await engine.head()
  const request = {
    ref: 'refs/heads/main',
    head: head.oid ?? '',
    tip,
    had: null,
    mode: 'merge',
    message: 'merge\n',
    documents: createDocuments(createVolatileKeys([]), parsers),
  } as const
  const ready = await prepareIntegration(engine, request)
  if (ready.kind !== 'ready') return ready.kind
  const { root, stateDir } = engine.repository
  const entries = ready.changes.map(({ path, after }): PlanEntry =>
    after === null ? { path, mode: null, oid: null } : { path, ...after },
  )
  const seen = new Map(entries.map(({ path }) => [path, fingerprintOf(root, path)]))
  const present = entries.flatMap(({ path, mode }) => (mode === null ? [] : [path]))
  const staged = await engine.merging.stage(ready.commit, present, false)
  const kept = await keepConflicts(
    engine,
    { cloneId: 'c', branch: 'refs/heads/main', head: request.head, tip },
    ready.conflicts,
  )
  if (kept !== null) return kept.name
  const wrote = (): void => {}
  const bring = async (): Promise<boolean> =>
    (await placeFiles({ root, staged, aside: join(stateDir, 'replaced'), wrote }, entries, seen)).moved.length === 0
  const paths: readonly PathBytes[] = entries.map(({ path }) => path)
  const move = { id: 'one', ref: request.ref, base: request.head, commit: ready.commit, paths, reason: 'integrate: it' }
  const outcome = await engine.merging.advance(move, journal, bring)
  await engine.settled()
  return outcome.kind
}

const locksOf = (repo: TempRepo): readonly string[] =>
  readdirSync(join(repo.root, '.git'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.lock') || file.includes('index-copy'),
  )

function expectMerged(repo: TempRepo, where: string): void {
  const read = (path: string): string | null =>
    existsSync(join(repo.root, path)) ? readFileSync(join(repo.root, path), 'utf8') : null
  expect([read('theirs.md'), read('both.md'), read('new/deep.md'), read('gone.md'), read('mine.md')], where).toEqual([
    '2\n',
    'theirs\n',
    'new\n',
    null,
    '2\n',
  ])
  expect(repo.git('rev-list', '--count', 'HEAD'), where).toBe('4')
  expect(repo.git('status', '--porcelain'), where).toBe('M  staged.md')
  expect(locksOf(repo), where).toEqual([])
  const [ref = ''] = repo.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts').split('\n')
  expect(repo.show(`${ref}:both.md`), where).toBe('ours\n')
  repo.git('fsck', '--strict')
}

for (const mode of ['fail', 'after'] as const satisfies readonly FaultMode[]) {
  const what = mode === 'fail' ? 'fails' : 'is the last thing the process did'
  test.concurrent(
    `whichever outside call of a merge ${what}: both sides are there in the end, once`,
    { timeout: 180_000 },
    async () => {
      for (let failAt = 1; ; failAt += 1) {
        const root = join(scratch.path, `${mode}-${failAt}`)
        cpSync(template.root, root, { recursive: true })
        const repo = openRepoAt(root)
        const faults = failingCalls(failAt, mode)
        const journal = memoryJournal()
        const broken = await openEngine(repo, { disk: faults.disk, wrapGit: faults.wrapGit, deadlines: { lockMs: 50 } })
        faults.arm()
        try {
          await integrate(broken, faults.journal(journal))
        } catch {
          // What is left behind is looked at below, whatever ended it.
        }
        await broken.close().catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error
        })
        const { calls } = faults
        if (calls.length < failAt) {
          expect(failAt).toBeGreaterThan(20)
          return
        }
        const where = `call ${failAt}: ${calls[failAt - 1] ?? ''}`
        const engine = await openEngine(repo)
        const recovery = await engine.recover(journal.entry, journal)
        expect(recovery.failure, where).toBeNull()
        const again = await integrate(engine, journal)
        expect(['advanced', 'nothing'], where).toContain(again)
        await engine.close()
        expectMerged(repo, where)
      }
    },
  )
}
