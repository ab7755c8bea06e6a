import { expect, test } from 'vitest'
import { pathOfLatin1, type Lane, type LayerName, type ScopeFault, type Writer } from '../../src/types.ts'
import { classifierWith, committed, goodGuard, judged, plainFile, trailOf, unknownWriter } from '../support/judging.ts'

const rules = 'BLOCK:noise/**:machine noise\nALLOW:docs/**:people write here\nANALYZE:state/**:look closer\n'
const classifier = classifierWith(rules)
const agent: Writer = { kind: 'agent', name: 'helper', tier: 'T1', confidence: 1, policy: null, session: null }
const robot: Writer = { ...agent, kind: 'autonomous', name: 'ticker', tier: 'T2' }
const slow: Lane = { kind: 'slow', pattern: 'state/tick-#', commitAtMs: 5 }
const quarantine: Lane = { kind: 'quarantine', pattern: 'state/tick-#', signal: 'feedback' }

const faults: readonly ScopeFault[] = [
  'outside',
  'git-directory',
  'nested-repository',
  'through-symlink',
  'ignored',
  'special',
]

test.each(faults)('what is out of scope (%s) is no change, and nothing else is asked about it', (scope) => {
  const { verdict, needs } = judged(classifier, 'docs/a.md', { scope })
  expect(verdict).toMatchObject({ decision: 'block', layer: 'scope' })
  expect(verdict.reason).toMatch(/^not a change: /)
  expect(needs).toEqual(['scope'])
})

test('a path that a rule blocks costs no look-up and no read', () => {
  const answer = judged(classifier, 'noise/a.json')
  expect(answer.verdict).toMatchObject({ decision: 'block', layer: 'rules', rule: { action: 'BLOCK', line: 1 } })
  expect(answer.verdict.reason).toContain('BLOCK noise/** (machine noise), test.rules:1')
  expect(answer.needs).toEqual(['scope'])
  expect(trailOf(answer)).toEqual(['scope', 'rules'])
})

test('a path that a rule allows is synced at once; only its writer is asked for, since a declared one may block it', () => {
  const { verdict, needs } = judged(classifier, 'docs/a.md')
  expect(verdict).toMatchObject({ decision: 'sync', layer: 'rules', class: 'immediate' })
  expect(needs).toEqual(['scope', 'writer'])
})

test('a path that no layer has a reason about is synced, by default', () => {
  const answer = judged(classifier, 'a.txt')
  expect(answer.verdict).toMatchObject({ decision: 'sync', layer: 'default', class: 'default', rule: null })
  expect(answer.needs).toEqual(['scope', 'writer', 'base', 'lane'])
  expect(trailOf(answer)).toEqual(['scope', 'rules', 'process', 'content', 'breaker'])
})

test('an ANALYZE rule is named in the verdict though later layers decide', () => {
  const { verdict } = judged(classifier, 'state/a.txt')
  expect(verdict).toMatchObject({ decision: 'sync', layer: 'default', rule: { action: 'ANALYZE' } })
})

test('the class follows the extension in either case, or a name that has none', () => {
  const classOf = (name: string): string => judged(classifier, name).verdict.class
  expect(['a.ts', 'b/A.TS', 'Makefile', 'x/.gitignore', 'a.b.md'].map(classOf)).toEqual(Array(5).fill('code'))
  expect(['a.bin', 'ts', 'a.tsx', 'makefile.bin', 'a.md/b'].map(classOf)).toEqual([
    'default',
    'code',
    'default',
    'default',
    'default',
  ])
  expect(judged(classifier, 'docs/a.bin').verdict.class).toBe('immediate')
})

test('an agent is asked nothing about the content, but its writes can turn slow like any other', () => {
  const quick = judged(classifier, 'a.json', { writer: agent })
  expect(quick.verdict).toMatchObject({ decision: 'sync', layer: 'process', class: 'code' })
  expect(quick.needs).toEqual(['scope', 'writer', 'lane'])
  const slowed = judged(classifier, 'a.json', { writer: agent, lane: slow })
  expect(slowed.verdict).toMatchObject({ decision: 'sync', layer: 'breaker', class: 'slow' })
})

test('the breaker is not asked about what a person, an open turn or an ALLOW rule stands for', () => {
  const lane = quarantine
  expect(judged(classifier, 'a.txt', { lane, writer: { ...unknownWriter, kind: 'human' } }).verdict.decision).toBe(
    'sync',
  )
  expect(judged(classifier, 'a.txt', { lane, writer: { ...agent, session: 's1' } }).verdict.decision).toBe('sync')
  expect(judged(classifier, 'docs/a.txt', { lane }).verdict.decision).toBe('sync')
})

test('a slow pattern is synced at its pace; a quarantined one is held, with the command that ends it', () => {
  expect(judged(classifier, 'state/tick-7', { lane: slow }).verdict).toMatchObject({ class: 'slow', layer: 'breaker' })
  const { verdict } = judged(classifier, 'state/tick 7', { lane: quarantine })
  expect(verdict).toMatchObject({ decision: 'hold', layer: 'breaker' })
  expect(verdict.reason).toContain('state/tick-#')
  expect(verdict.reason).toContain("workspace-sync release 'state/tick 7'")
})

test('only the full depth asks the guard, and it asks last', () => {
  const secret = { ...goodGuard, secrets: [{ kind: 'GitHub token', line: 3 }] }
  expect(judged(classifier, 'docs/a.md', { guard: secret }).verdict.decision).toBe('sync')
  const full = judged(classifier, 'docs/a.md', { guard: secret, depth: 'full' })
  expect(full.verdict).toMatchObject({ decision: 'hold', layer: 'guard' })
  expect(full.needs).toEqual(['scope', 'writer', 'base', 'guard'])
})

test('a blob that is the one at HEAD is no change even where a rule or an agent would sync it', () => {
  const base = committed('same')
  const guard = { ...goodGuard, blob: { oid: base.oid, mode: base.mode, sizeBytes: 4 } }
  for (const world of [{}, { writer: agent }, { lane: slow }]) {
    for (const name of ['docs/a.md', 'a.txt']) {
      const { verdict } = judged(classifier, name, { ...world, base, guard, depth: 'full' })
      expect(verdict).toMatchObject({ decision: 'block', layer: 'content', content: { outcome: 'same' } })
    }
  }
  const executable = { ...guard, blob: { ...guard.blob, mode: '100755' as const } }
  expect(judged(classifier, 'docs/a.md', { base, guard: executable, depth: 'full' }).verdict.decision).toBe('sync')
})

test('a file that was made and deleted again is no change; one whose blob is unknown is not taken for it', () => {
  const gone = { ...goodGuard, blob: null }
  const made = judged(classifier, 'docs/a.md', { entry: null, guard: gone, depth: 'full' })
  expect(made.verdict).toMatchObject({ decision: 'block', content: { outcome: 'same' } })
  expect(judged(classifier, 'docs/a.md', { guard: gone, depth: 'full' }).verdict.decision).toBe('sync')
  const deleted = judged(classifier, 'docs/a.md', { entry: null, guard: gone, base: committed('a'), depth: 'full' })
  expect(deleted.verdict.decision).toBe('sync')
})

test('the trail keeps every step with what it took, and the evidence that was gathered', () => {
  const { verdict } = judged(classifier, 'a.txt', { writer: robot })
  expect(verdict.trail.map(({ outcome, micros }) => [outcome, micros])).toEqual([
    ['next', 1],
    ['next', 1],
    ['block', 1],
  ])
  expect(verdict.evidence).toMatchObject({ scope: null, writer: robot, entry: plainFile })
  expect(verdict.evidence).not.toHaveProperty('base')
})

test('facts that are already known are not asked for again', () => {
  const question = classifier.judge(pathOfLatin1('a.txt'), plainFile, 'early', () => 0)
  expect(question.next().value).toBe('scope')
  const known = { path: pathOfLatin1('a.txt'), entry: plainFile, scope: null, base: null, writer: unknownWriter }
  expect(question.next(known).value).toBe('lane')
})

test('evidence without what was asked for is a mistake of ours, not an answer', () => {
  const question = classifier.judge(pathOfLatin1('a.txt'), plainFile, 'early', () => 0)
  question.next()
  expect(() => question.next({ path: pathOfLatin1('a.txt'), entry: plainFile })).toThrow(/asked for scope/)
})

const cases: readonly (readonly [LayerName, string, Parameters<typeof judged>[2]])[] = [
  ['scope', 'a.txt', { scope: 'ignored' }],
  ['rules', 'noise/a', {}],
  ['process', 'a.txt', { writer: robot }],
  ['content', 'a.log', {}],
  ['breaker', 'a.txt', { lane: quarantine }],
  ['guard', 'a.txt', { depth: 'full', guard: { ...goodGuard, whole: false } }],
]

test.each(cases)('without the layer %s, what it alone stops is synced', (layer, name, world) => {
  expect(judged(classifier, name, world).verdict).toMatchObject({ layer })
  expect(judged(classifier, name, world).verdict.decision).not.toBe('sync')
  const without = classifierWith(rules, { without: new Set([layer]) })
  expect(judged(without, name, world).verdict.decision).toBe('sync')
})
