import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createBlobCollector } from '../../src/evidence/blobs.ts'
import { createEnds } from '../../src/evidence/ends.ts'
import type { BlobFacts } from '../../src/evidence/evidence.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

const limits = { maxFileBytes: Infinity, agreed: [] }

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

async function factsOf(...names: readonly string[]): Promise<readonly (BlobFacts | undefined)[]> {
  const { oid } = await engine.head()
  const paths = names.map((name) => pathBytes(name))
  const facts = await createBlobCollector(engine, systemClock, createEnds())(oid, paths, () => undefined, limits)
  return paths.map((path) => facts.get(path))
}

test('a file whose filter fails is told with the filter, not as unreadable bytes', async () => {
  repo = makeRepo({ '.gitattributes': '*.bad filter=broken\n*.odd filter=optional\n' })
  repo.git('config', 'filter.broken.clean', '/nonexistent/program')
  repo.git('config', 'filter.broken.required', 'true')
  repo.git('config', 'filter.optional.clean', 'false')
  engine = await openEngine(repo)
  for (const name of ['x.odd', 'x.bad', 'good']) repo.write(name, 'x')
  const reason = 'the filter broken failed: mend it, or take it out of .gitattributes'
  const [odd, bad, good] = await factsOf('x.odd', 'x.bad', 'good')
  expect(bad).toMatchObject({ blob: null, refused: reason, unreadable: reason })
  expect(odd).toMatchObject({ blob: { sizeBytes: 1 }, refused: null, unreadable: null })
  expect(good).toMatchObject({ blob: { sizeBytes: 1 }, refused: null, unreadable: null })
})

test('bytes that do not fit their declared encoding or line ends are told in git’s words', async () => {
  repo = makeRepo({ '.gitattributes': '*.enc working-tree-encoding=UTF-16\n*.txt text\n' })
  repo.git('config', 'core.safecrlf', 'true')
  engine = await openEngine(repo)
  repo.write('a.enc', 'no mark')
  repo.write('b.txt', 'one\r\n')
  const [encoded, text] = await factsOf('a.enc', 'b.txt')
  expect(encoded?.refused).toContain("BOM is required in 'a.enc'")
  expect(text?.refused).toContain('CRLF would be replaced by LF in b.txt')
})

test('a file that is gone is no refusal', async () => {
  repo = makeRepo({ gone: 'x\n' })
  engine = await openEngine(repo)
  rmSync(join(repo.root, 'gone'))
  expect(await factsOf('gone')).toMatchObject([{ entry: null, blob: null, refused: null, unreadable: null }])
})
