import { expect, test } from 'vitest'
import { journalFault } from '../../src/cli/messages/journal.ts'
import { whyText } from '../../src/cli/messages/why.ts'
import type { Recorded, WhyFacts } from '../../src/cli/why-facts.ts'
import { pathBytes } from '../../src/types.ts'
import { decisionOn } from '../support/journal-records.ts'
import { verdictOn } from '../support/verdicts.ts'

const when = (ms: number): string => `t${ms}`
const oid = '0123456789abcdef0123456789abcdef01234567'

function facts(changed: Partial<WhyFacts>): WhyFacts {
  return {
    path: pathBytes('a.md'),
    kind: 'file',
    decisions: [],
    pathCount: 1,
    commits: [],
    renamedFrom: null,
    renamedTo: null,
    pauses: [],
    lostCount: 0,
    now: { verdict: verdictOn('a.md', { decision: 'sync', layer: 'default', reason: 'a change' }), match: noMatch },
    ...changed,
  }
}

const noMatch = { rule: null, action: 'ANALYZE', lost: [] } as const

function recorded(changed: Partial<Recorded>): Recorded {
  return { ...decisionOn('a.md', { atMs: 9, sinceMs: 1 }), where: null, ...changed }
}

const synced = { verdict: 'sync', layer: 'default', reason: 'a change' } as const

test('what was blocked again and again is told once, with its count, rule and writer', () => {
  const rule = { action: 'BLOCK', glob: 'state/**', reason: 'its own', source: 'my.rules', line: 3 } as const
  const writer = { kind: 'autonomous', name: 'hb', tier: 'T2', executable: '/opt/hb.js', rule: 'hb.*' } as const
  const block = { layer: 'content', reason: 'only volatile members differ: ts', count: 3_600, rule, writer } as const
  const now = { verdict: verdictOn('a.md'), match: noMatch }
  expect(whyText(facts({ decisions: [recorded(block)], now }), when).split('\n')).toEqual([
    'a.md: not synced',
    '  t9  block, 3,600 times since t1',
    '    content: only volatile members differ: ts',
    '    rule BLOCK state/** (its own), my.rules:3',
    '    written by: autonomous "hb" (T2), /opt/hb.js, known by the pattern hb.*',
  ])
})

test.each([
  ['pushed', ', on the remote'],
  ['waiting', ', not on the remote yet'],
  ['gone', ', which this branch no longer has'],
  ['unknown', ', kept here: the branch has no upstream'],
] as const)('a commit is named with where it is (%s)', (where, said) => {
  const text = whyText(facts({ decisions: [recorded({ ...synced, commit: oid, where })] }), when)
  expect(text.split('\n')).toEqual([
    `a.md: committed as 0123456789${said}`,
    '  t9  sync',
    '    default: a change',
    `    committed as 0123456789${said}`,
  ])
})

test('what is not committed yet says what stands in the way', () => {
  const decisions = [recorded({ ...synced, provisional: true })]
  expect(whyText(facts({ decisions }), when)).toMatch(/^a\.md: to be synced, not committed yet\n/)
  expect(whyText(facts({ decisions, pauses: ['merge'] }), when)).toContain('not committed yet; paused: merge')
})

test('where nothing is recorded it says so, what would happen now, and how to ask in full', () => {
  expect(whyText(facts({ path: pathBytes('my notes.md') }), when).split('\n')).toEqual([
    'my notes.md: nothing is recorded about it',
    '  if it changed now: sync (default: a change)',
    "  in full: workspace-sync test-filter 'my notes.md'",
  ])
})

test('what git alone remembers is told too', () => {
  const commit = {
    oid,
    parents: [],
    atMs: 5,
    subject: 'sync: edit a.md',
    id: 'i',
    host: null,
    writer: null,
    undoes: null,
  }
  const text = whyText(facts({ commits: [{ ...commit, where: 'pushed' }] }), when)
  expect(text).toContain('a.md: committed as 0123456789, on the remote; no decision is recorded')
  expect(text).toContain('  t5  commit 0123456789, on the remote: sync: edit a.md')
  const between = [recorded({ atMs: 9 }), recorded({ atMs: 2 })]
  const all = whyText(facts({ commits: [{ ...commit, where: 'pushed' }], decisions: between }), when)
  expect([...all.matchAll(/^ {2}t(\d)/gm)].map(([, at]) => at)).toEqual(['9', '5', '2'])
})

test('a verdict that would be another now is news, the same is not', () => {
  const decisions = [recorded({})]
  expect(whyText(facts({ decisions }), when)).toContain('if it changed now: sync (default: a change)')
  const same = { verdict: verdictOn('a.md', { decision: 'block' }), match: noMatch }
  expect(whyText(facts({ decisions, now: same }), when)).not.toContain('if it changed now')
})

test('a rename is told from both its ends, and what is as at HEAD is no verdict', () => {
  expect(whyText(facts({ renamedFrom: pathBytes('old.md') }), when)).toContain('it was named old.md before')
  expect(whyText(facts({ kind: 'missing', renamedTo: pathBytes('new.md') }), when)).toContain('it is named new.md now')
  const same = recorded({ layer: 'content', content: 'same', reason: 'not a change: same bytes as at HEAD' })
  expect(whyText(facts({ decisions: [same] }), when)).toMatch(/^a\.md: nothing to sync: it is as at HEAD\n/)
})

test('a directory lists the last decision about each path, and counts what it leaves out', () => {
  const decisions = [
    recorded({ path: pathBytes('d/a\u001b[2J'), ...synced, commit: oid, where: 'pushed' }),
    recorded({ path: pathBytes('d/hb'), count: 1_234 }),
  ]
  const text = whyText(facts({ path: pathBytes('d'), kind: 'directory', decisions, pathCount: 5, now: null }), when)
  expect(text.split('\n')).toEqual([
    'd/: the last decision about each of 5 paths, newest first',
    '  t9  sync  d/a\\u{1b}[2J  committed as 0123456789, on the remote',
    '  t9  block d/hb (1,234 times)  BLOCK state/**, my.rules:1',
    '  and 3 more (-n 5 shows all)',
  ])
  expect(whyText(facts({ path: pathBytes(''), kind: 'directory', pathCount: 0, now: null }), when)).toContain(
    'the workspace: nothing is recorded about what is below it',
  )
})

test('a journal that cannot be read is two lines, and the second works when typed', () => {
  for (const fault of ['locked', 'newer', 'damaged', 'unreadable', 'unusable'] as const) {
    const { message, hint } = journalFault('/my notes/.git/workspace-sync', fault)
    expect(message).toMatch(/^the journal cannot be read: .*journal\.db/)
    expect(hint).not.toContain('\n')
  }
  expect(journalFault("/it's", 'damaged').hint).toContain(`mv '/it'\\''s/journal.db' '/it'\\''s/journal.db.old'`)
})
