import { expect, test } from 'vitest'
import { summaryLines } from '../../src/notices/summary.ts'
import { troublesOf, type Situation } from '../../src/notices/troubles.ts'
import { pathBytes, type GuardEvidence } from '../../src/types.ts'
import { classifierWith, goodGuard, judgedPath } from '../support/judging.ts'

const minute = 60_000
const calm: Situation = {
  obstacle: null,
  held: [],
  asked: [],
  conflicts: [],
  quarantine: [],
  unsyncedMs: 0,
  behindMs: 0,
  offline: null,
}

function keys(changed: Partial<Situation>): readonly string[] {
  return troublesOf({ ...calm, ...changed }).map(({ key }) => key)
}

test.each<[string, Partial<Situation>, readonly string[]]>([
  ['all is well', {}, []],
  ['a first look at the tree', { obstacle: { name: 'first-look', detail: 'looking' } }, []],
  ['a pause', { obstacle: { name: 'behind', detail: 'get them' } }, ['paused:behind']],
  ['rules that wait for a word', { asked: [one('a.rules')] }, ['asked:a.rules']],
  ['two held paths', { held: [one('a'), one('b')] }, ['held:a', 'held:b']],
  [
    'a quarantine',
    { quarantine: [{ pattern: 'hb/*.json', proposedRule: 'BLOCK:hb/*.json:loop' }] },
    ['quarantined:hb/*.json'],
  ],
  ['a change that waits for less than 15 minutes', { unsyncedMs: 15 * minute - 1 }, []],
  ['one that waits for 15 minutes', { unsyncedMs: 15 * minute }, ['waiting']],
  ['offline with nothing to push', { offline: 'no route' }, []],
  [
    'one that waits because of a pause',
    { unsyncedMs: 59 * minute, obstacle: { name: 'behind', detail: 'd' } },
    ['paused:behind'],
  ],
  [
    'one that waits for an hour because of a pause',
    { unsyncedMs: 60 * minute, obstacle: { name: 'rewritten', detail: 'd' } },
    ['paused:rewritten', 'waiting-long'],
  ],
  [
    'one that waits for an hour because somebody rebases',
    { unsyncedMs: 60 * minute, obstacle: { name: 'rebase-in-progress', detail: 'd' } },
    ['paused:rebase-in-progress'],
  ],
  ['commits of the remote that do not come in for an hour', { behindMs: 60 * minute }, ['waiting-long']],
])('%s', (_, situation, expected) => {
  expect(keys(situation)).toEqual(expected)
})

function one(path: string, reason = 'looks like a secret: take it out'): Situation['held'][number] {
  return { path, reason }
}

test('each trouble is one line with what settles it', () => {
  const troubles = troublesOf({
    ...calm,
    obstacle: { name: 'by-hand', detail: 'paused by mina; workspace-sync resume ends it' },
    held: [one('a.pem')],
    conflicts: ['a b.md'],
    asked: [one('a.rules', 'came with a pull: say workspace-sync ack a.rules')],
    quarantine: [{ pattern: "o'b/*.json", proposedRule: "BLOCK:o'b/*.json:loop" }],
  })
  expect(troubles.map(({ text }) => text)).toEqual([
    'paused by mina; workspace-sync resume ends it',
    'held: a.pem: looks like a secret: take it out',
    'not in force: a.rules came with a pull: say workspace-sync ack a.rules',
    "conflict: a b.md changed here and on the remote; the branch has the remote's side, ours is kept: " +
      "workspace-sync conflicts show 'a b.md', then workspace-sync conflicts resolve 'a b.md' --ours or --theirs, " +
      'or neither once you have edited it',
    "in quarantine: o'b/*.json takes part in a commit loop; the rule BLOCK:o'b/*.json:loop would settle it, " +
      String.raw`or workspace-sync release 'o'\''b/*.json'`,
  ])
  const [waiting] = troublesOf({ ...calm, unsyncedMs: 16 * minute, offline: 'no route to the remote' })
  expect(waiting?.text).toMatch(/15 minutes \(no route to the remote\); .*workspace-sync \w+/)
})

function guarded(changed: Partial<GuardEvidence>): string {
  const guard = { ...goodGuard, ...changed }
  return judgedPath(classifierWith(''), pathBytes('a'), { depth: 'full', guard }).verdict.reason
}

test('the desktop is left in peace for what people are just doing, by the words of the guard and of git', () => {
  const held = (changed: Partial<GuardEvidence>) => troublesOf({ ...calm, held: [one('a', guarded(changed))] })[0]
  expect(held({ staging: 'staged' })?.patienceMs).toBe(15 * minute)
  expect(held({ staging: 'unmerged' })?.patienceMs).toBe(15 * minute)
  expect(held({ whole: false })?.patienceMs).toBe(15 * minute)
  expect(held({ secrets: [{ kind: 'key', line: 1 }] })?.patienceMs).toBeLessThan(minute)
  expect(held({ massDeletion: true })?.patienceMs).toBeLessThan(minute)
  const paused = (name: string) => troublesOf({ ...calm, obstacle: { name, detail: 'd' } })[0]?.patienceMs
  expect(['rebase-in-progress', 'cherry-pick-in-progress', 'by-hand', 'unmerged'].map(paused)).toEqual(
    Array.from({ length: 4 }, () => 15 * minute),
  )
  for (const name of ['disk-full', 'authentication', 'first-sync']) expect(paused(name)).toBeLessThan(minute)
})

test('one or two lines, however many troubles there are, the most urgent first', () => {
  const lines = (count: number, kinds: readonly ('paused' | 'held' | 'quarantined' | 'waiting')[]) =>
    summaryLines(kinds.flatMap((kind) => Array.from({ length: count }, (_, i) => ({ kind, text: `${kind} ${i}` }))))
  expect(lines(1, [])).toEqual([])
  expect(lines(1, ['held'])).toEqual(['held 0'])
  expect(lines(3, ['held'])).toEqual(['held 0 (and 2 more like it: workspace-sync status)'])
  expect(lines(1, ['held', 'paused'])).toEqual(['paused 0', 'held 0'])
  expect(lines(1, ['waiting', 'held', 'quarantined', 'paused'])).toEqual([
    'paused 0',
    'held 0 (and 2 more: workspace-sync status)',
  ])
})
