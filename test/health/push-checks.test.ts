import { expect, test } from 'vitest'
import { outgoingChanges } from '../../src/git/outgoing-parse.ts'
import { conflictMarkers } from '../../src/evidence/conflict-markers.ts'
import { prePushChecks, type PushFacts, type PushFinding } from '../../src/health/push-checks.ts'
import { hostLimits } from '../../src/health/push-limits.ts'

const [a, b, c, zero] = ['a', 'b', 'c', '0'].map((digit) => digit.repeat(40)) as [string, string, string, string]

test('changes of commits are read with their paths, parents and deletions', () => {
  const output = [
    a,
    `:000000 100644 ${zero} ${b} A`,
    'new file',
    `:100644 000000 ${b} ${zero} D`,
    'gone',
    c,
    `::100644 100644 100755 ${a} ${b} ${c} MM`,
    'merged.sh',
    `:000000 160000 ${zero} ${b} A`,
    'submodule',
    `:100644 120000 ${a} ${c} T`,
    'link',
    '',
  ].join('\0')
  expect(outgoingChanges(Buffer.from(output, 'latin1'), new Set([a]))).toEqual([
    { commit: a, isRoot: true, path: 'new file', blob: { mode: '100644', oid: b }, before: [] },
    { commit: a, isRoot: true, path: 'gone', blob: null, before: [b] },
    { commit: c, isRoot: false, path: 'merged.sh', blob: { mode: '100755', oid: c }, before: [a, b] },
    { commit: c, isRoot: false, path: 'link', blob: { mode: '120000', oid: c }, before: [a] },
  ])
  expect(outgoingChanges(Buffer.alloc(0), new Set())).toEqual([])
})

const begin = '<<<<<<< HEAD'
const middle = '======='
const end = '>>>>>>> side'

test.each([
  ['a conflict', ['x', begin, 'a', middle, 'b', end], 2],
  [
    'with the base shown, and line ends of Windows',
    [begin, 'a', '||||||| 1', 'o', middle, end].map((l) => `${l}\r`),
    1,
  ],
  ['a heading underlined with seven signs', ['Heading', middle, 'text'], null],
  ['markers in another order', [end, middle, begin], null],
  ['without a middle', [begin, 'a', end], null],
  ['quoted in a text', [`> ${begin}`, `> ${middle}`, `> ${end}`], null],
  ['a second begin counts from there', [begin, 'x', begin, middle, end], 3],
])('conflict markers: %s', (_, lines, expected) => {
  expect(conflictMarkers(lines.join('\n'))).toBe(expected)
})

test('the limits are those of the host', () => {
  const megabyte = 1024 ** 2
  for (const address of ['git@github.com:a/b.git', 'https://github.com/a/b', 'ssh://git@github.com/a']) {
    expect(hostLimits(address)).toMatchObject({ refusedFrom: 100 * megabyte, by: 'GitHub' })
  }
  expect(hostLimits('https://huggingface.co/a/b').refusedFrom).toBe(10 * megabyte)
  expect(hostLimits('/srv/notgithub.com').refusedFrom).toBe(100 * megabyte)
  expect(hostLimits('https://evilgithub.com/a').by).not.toBe('GitHub')
})

function facts(changed: Partial<PushFacts>): PushFacts {
  return {
    typed: { program: 'workspace-sync', git: 'git', below: '' },
    commits: 2,
    blobs: 3,
    unseen: [],
    broken: null,
    configuration: { mistakes: [], warnings: [], waiting: [] },
    findings: [],
    ...changed,
  }
}

function secret(changed: Partial<PushFinding> = {}): PushFinding {
  const place = { path: 'a b', commit: a, rebaseFrom: 'aaaaaaaaaa^', isLast: true, isThere: true }
  return { kind: 'secrets', outcome: 'fail', ...place, detail: 'AWS key in line 3', ...changed }
}

test('nothing found passes, and says what was looked at', () => {
  const checks = prePushChecks(facts({}))
  expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
  expect(checks.at(-1)).toMatchObject({ name: 'looked', detail: '3 files in 2 commits' })
})

test('findings name commit and path, and what takes them out of the push', () => {
  const last = prePushChecks(facts({ findings: [secret()] }))[0]
  expect(last).toMatchObject({ name: 'secrets', outcome: 'fail' })
  expect(last?.detail).toBe('a b in commit aaaaaaaaaa: AWS key in line 3')
  expect(last?.remedy).toMatch(
    /^git rm --cached -- 'a b' && git commit --amend --no-edit --allow-empty {2}# .*ack 'a b'$/,
  )
  const earlier = prePushChecks(facts({ findings: [secret({ isLast: false, isThere: false })] }))[0]
  expect(earlier?.remedy).toBe('git rebase -i aaaaaaaaaa^')
})

test('many findings are counted, and the worst comes first', () => {
  const findings = [
    secret({ kind: 'size', outcome: 'warn', path: 'small' }),
    ...Array.from({ length: 8 }, (_, i) => secret({ kind: 'size', path: `f${i}` })),
  ]
  const size = prePushChecks(facts({ findings })).find(({ name }) => name === 'size')
  expect(size?.outcome).toBe('fail')
  expect(size?.detail).toMatch(/^f0 in .*; and 4 more$/)
})

test('noise, an unread part and broken settings only warn; damage fails', () => {
  const broken = { name: 'corrupt', detail: 'missing blob', hint: 'h', heals: 'person' } as const
  const checks = prePushChecks(
    facts({
      findings: [secret({ kind: 'noise', outcome: 'warn' })],
      unseen: ['only the newest 5000 commits'],
      configuration: { mistakes: ['x:1:1 wrong'], warnings: [], waiting: [] },
      broken,
    }),
  )
  const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))
  expect(outcomes).toMatchObject({ noise: 'warn', looked: 'warn', configuration: 'warn', integrity: 'fail' })
  expect(checks.at(-1)?.detail).toMatch(/^not everything was looked at: only the newest 5000 commits/)
})
