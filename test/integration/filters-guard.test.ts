import { createHash } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { createDryJudge } from '../../src/daemon/daemon.ts'
import { createEvidence, readEntry } from '../../src/evidence/evidence.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { startHere } from '../support/daemon-here.ts'
import { openEngine } from '../support/open-engine.ts'
import { privateKey } from '../support/private-key.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

/** Put together here, so that this file itself is no finding. */
const token = ['ghp', 'Zq8LmV3tXr5WcYb7NdKe2HjFg6TsAu9PoQi1'].join('_')
/** As git-lfs does, without its store. */
const pointer = `printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:'; sha256sum | cut -d' ' -f1; echo size 1`

function filteredRepo(name: string, clean: string): TempRepo {
  const repo = makeRepo({ '.gitattributes': `*.sql filter=${name}\n*.key filter=${name}\n`, 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  repo.git('config', `filter.${name}.clean`, clean)
  return repo
}

/** What is held of these files by a daemon, and what a question beforehand says is. */
async function heldOf(repo: TempRepo, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const remote = addRemote(repo)
  for (const [path, text] of Object.entries(files)) repo.write(path, text)
  const asked = await heldByQuestion(repo, Object.keys(files))
  const { daemon, stop } = await startHere(repo, { sets: ['guard.maxFileSize=10KB'] })
  onTestFinished(stop)
  const held = (await daemon.sync(null)).held.map(({ path }) => path as string).toSorted()
  expect(asked).toEqual(held)
  const rest = Object.keys(files).filter((path) => !held.includes(path))
  const sent = (): string => remote.git('ls-tree', '-r', '--name-only', 'main')
  await until('the rest is sent', () => rest.every((path) => sent().split('\n').includes(path)))
  for (const path of held) expect(sent()).not.toContain(path)
  return held
}

async function heldByQuestion(repo: TempRepo, paths: readonly string[]): Promise<readonly string[]> {
  const engine = await openEngine(repo, { readOnly: true })
  try {
    const input = { workspace: repo.root, home: '/nonexistent', env: {}, sets: ['guard.maxFileSize=10KB'] }
    const dry = await createDryJudge(engine, await loadConfig(input))
    const judged = await Promise.all(paths.map((path) => dry.judge(pathBytes(path))))
    return paths.filter((_, at) => judged[at]?.verdict.decision === 'hold').toSorted()
  } finally {
    await engine.close()
  }
}

test.each([
  ['lfs', pointer],
  ['media', `sha1sum | cut -d' ' -f1`],
])('what the filter %s keeps elsewhere is looked into; how large it is matters to nobody', async (name, clean) => {
  const held = await heldOf(filteredRepo(name, clean), {
    'dump.sql': `-- insert ${token}\n`,
    'my.key': privateKey(),
    'plain.sql': 'select 1\n',
    'large.sql': 'select 1\n'.repeat(2_000),
  })
  expect(held).toEqual(['dump.sql', 'my.key'])
})

test.each([
  ['encrypts', 'gzip -n'],
  ['takes secrets out', `sed 's/ghp_[A-Za-z0-9]*/(taken out)/'`],
])('of a filter that %s only what it stores is looked into', async (_, clean) => {
  expect(await heldOf(filteredRepo('own', clean), { 'dump.sql': `-- insert ${token}\n` })).toEqual([])
})

test('what lies elsewhere by the time it is looked into says nothing about the blob', async () => {
  const repo = filteredRepo('lfs', pointer)
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  const path = pathBytes('dump.sql')
  repo.write('dump.sql', `-- insert ${token}\n`)
  const entry = readEntry(repo.root, path)
  const oid = (await engine.writeBlobs([{ path, kind: 'file' }])).get(path)
  if (entry === null || typeof oid !== 'string') throw new Error('it is written')
  const blob = { oid, mode: '100644', sizeBytes: (await engine.blobSize(oid)) ?? 0 } as const
  const look = () => createEvidence(engine, systemClock).insideOfFile(blob, { path, entry }, [], 10_000)
  expect((await look())?.secrets).toEqual([{ kind: 'GitHub token', line: 1 }])
  repo.write('dump.sql', 'select 1\n')
  expect(await look()).toBeNull()
})

test('what git-lfs keeps here for a commit is looked into', async () => {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const text = `-- insert ${token}\n`
  const digest = createHash('sha256').update(text).digest('hex')
  repo.write('x.sql', `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${text.length}\n`)
  const oid = repo.git('hash-object', '-w', 'x.sql')
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  const evidence = createEvidence(engine, systemClock)
  expect((await evidence.inside(pathBytes('x.sql'), oid, [], 10_000)).secrets).toEqual([])
  repo.write(`.git/lfs/objects/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}`, text)
  expect((await evidence.inside(pathBytes('x.sql'), oid, [], 10_000)).secrets).toEqual([
    { kind: 'GitHub token', line: 1 },
  ])
})
