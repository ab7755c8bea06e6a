import { goodGuard } from '../support/judging.ts'
import { expect, test } from 'vitest'
import { recordsOf } from '../../src/daemon/journal-feed.ts'
import { pathBytes, type ContentFinding } from '../../src/types.ts'
import { decidedOn } from '../support/verdicts.ts'

const name = 'caf\u00e9.json'
const path = pathBytes(name)

const volatile: ContentFinding = {
  format: 'json',
  outcome: 'volatile',
  changed: [],
  volatile: ['.secret-name.last_update', '["another secret"].session_id', '.x.last_update'],
  detail: 'only volatile members differ: .secret-name.last_update',
}

test('a decision is kept with its evidence, and without anything of the file’s content', () => {
  const trail = [{ layer: 'content', outcome: 'block', detail: '', micros: 1_500 }] as const
  const evidence = { path, entry: null, bytes: Buffer.from('the content of the file') }
  const report = decidedOn(name, { reason: volatile.detail, content: volatile, evidence, trail })
  const [record] = recordsOf(report, 5)
  expect(record).toMatchObject({
    kind: 'decision',
    path,
    atMs: 5,
    verdict: 'block',
    layer: 'content',
    content: 'volatile',
    reason: 'only volatile members differ: last_update, session_id',
    tookMs: 1.5,
    provisional: false,
  })
  expect(JSON.stringify(record)).not.toMatch(/secret|content of the file/)
})

test('a rule and a writer are kept, of the writer nothing but who it is', () => {
  const rule = { action: 'BLOCK', glob: 'a', reason: 'r', level: 'user', source: 'my.rules', line: 3 } as const
  const writer = {
    kind: 'agent',
    name: 'claude',
    tier: 'T1',
    confidence: 1,
    policy: null,
    session: 'what was asked of it',
  } as const
  const [record] = recordsOf(decidedOn(name, { rule, evidence: { path, entry: null, writer } }), 5)
  expect(record).toMatchObject({
    rule: { action: 'BLOCK', glob: 'a', reason: 'r', source: 'my.rules', line: 3 },
    writer: { kind: 'agent', name: 'claude', tier: 'T1' },
  })
  expect(JSON.stringify(record)).not.toContain('what was asked')
})

test('a sync before the guard was asked is provisional, one with the guard’s word is final', () => {
  const early = decidedOn(name, { decision: 'sync', layer: 'default' })
  expect(recordsOf(early, 5)).toMatchObject([{ provisional: true }])
  const guard = { ...goodGuard, blob: null }
  const full = decidedOn(name, { decision: 'sync', evidence: { path, entry: null, guard } })
  expect(recordsOf(full, 5)).toMatchObject([{ provisional: false }])
})

test('what a hook printed is not kept', () => {
  const reason = 'the commit-msg hook refused it: token ghp_abc\nfound; mend it and save the file again'
  const [record] = recordsOf({ kind: 'held', held: [], facts: [{ path, reason }] }, 5)
  expect(record).toMatchObject({ reason: 'the commit-msg hook refused it; mend it and save the file again' })
})

test('a failure is kept by its name alone', () => {
  const failure = { name: 'rejected', detail: 'remote: secret found: ghp_abc', hint: '', heals: 'person' } as const
  const records = recordsOf({ kind: 'failed', what: 'push', failure }, 5)
  expect(records).toMatchObject([{ what: 'failed', name: 'push: rejected' }])
  expect(JSON.stringify(records)).not.toContain('ghp_')
})

test('a commit is kept with its trigger, and linked to each of its paths', () => {
  const facts = { id: 'i', writer: 'unknown', paths: [path, pathBytes('b')] }
  const report = { kind: 'committed', oid: 'c1', paths: [], trigger: 'asked', tookMs: 12, facts } as const
  expect(recordsOf(report, 5)).toMatchObject([
    { kind: 'commit', oid: 'c1', id: 'i', trigger: 'asked', pathCount: 2, tookMs: 12 },
    { kind: 'link', path, oid: 'c1' },
    { kind: 'link', path: 'b', oid: 'c1' },
  ])
})
