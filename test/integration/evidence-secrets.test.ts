import { expect, onTestFinished, test } from 'vitest'
import { createEvidence } from '../../src/evidence/evidence.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'

test('a blob that was too large to look into is looked into once the limit is raised', async () => {
  const repo = makeRepo({ 'a.txt': 'a\n' })
  const engine = await openEngine(repo)
  onTestFinished(async () => {
    await engine.close()
    repo.dispose()
  })
  const evidence = createEvidence(engine, systemClock)
  const path = pathBytes('login.env')
  repo.write('login.env', `DB_PASSWORD=${'h7Gq2Zx9'.repeat(2)}\n`)
  const oid = (await engine.writeBlobs([{ path, kind: 'file' }])).get(path)
  if (typeof oid !== 'string') throw new Error('it is written')
  expect((await evidence.inside(path, oid, [], 10)).secrets).toEqual([])
  expect((await evidence.inside(path, oid, [], 10_000)).secrets).not.toEqual([])
})
