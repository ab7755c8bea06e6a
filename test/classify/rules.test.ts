import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileGlob, patternMatches } from '../../src/classify/globs.ts'
import { pathNames } from '../../src/classify/path-names.ts'
import { compileRules } from '../../src/classify/rules.ts'
import { pathBytes } from '../../src/types.ts'
import type { RuleSet } from '../../src/classify/rules.ts'
import type { PathBytes, Rule, RuleAction, RuleFile, RuleLevel } from '../../src/types.ts'

function ruleSet(...files: readonly (readonly [level: RuleLevel, text: string])[]): RuleSet {
  const { rules, mistakes } = compileRules(
    files.map(([level, text]): RuleFile => ({ level, source: `${level}.rules`, text })),
    'ANALYZE',
  )
  expect(mistakes).toEqual([])
  return rules
}

function winner(rules: RuleSet, path: string): string {
  const { rule, action } = rules.match(pathBytes(path))
  return rule === null ? `default ${action}` : `${rule.action}:${rule.glob}`
}

test('litter is asked first, then workspace, user, built in: the nearest with a match decides', () => {
  const rules = ruleSet(
    ['built-in', 'BLOCK:a/b/c/exact.txt:\nBLOCK:*.x:'],
    ['user', 'ALLOW:*.txt:'],
    ['workspace', 'ANALYZE:*.y:'],
    ['litter', 'BLOCK:*.swp:'],
  )
  expect(winner(rules, 'a/b/c/exact.txt')).toBe('ALLOW:*.txt')
  expect(winner(rules, 'a.x')).toBe('BLOCK:*.x')
  expect(winner(rules, 'a.y')).toBe('ANALYZE:*.y')
  expect(winner(rules, 'none')).toBe('default ANALYZE')
  const allowed = ruleSet(['litter', 'BLOCK:*.swp:'], ['workspace', 'ALLOW:/a.swp:'])
  expect(winner(allowed, 'a.swp')).toBe('BLOCK:*.swp')
})

test('within a level more literal segments win, and an exact path wins over any glob', () => {
  const rules = ruleSet([
    'user',
    'BLOCK:.claude/**:\nALLOW:.claude/commands/**:\nBLOCK:.claude/commands/x/*:\nALLOW:.claude/commands/x/y:\nBLOCK:y:',
  ])
  expect(winner(rules, '.claude/state')).toBe('BLOCK:.claude/**')
  expect(winner(rules, '.claude/commands/a')).toBe('ALLOW:.claude/commands/**')
  expect(winner(rules, '.claude/commands/x/z')).toBe('BLOCK:.claude/commands/x/*')
  expect(winner(rules, '.claude/commands/x/y')).toBe('ALLOW:.claude/commands/x/y')
  expect(winner(rules, 'q/y')).toBe('BLOCK:y')
})

test('equally literal: the more cautious wins', () => {
  const text = 'ALLOW:docs/**:\nANALYZE:docs/**/*.md:\nBLOCK:docs/*/draft.md:'
  expect(winner(ruleSet(['user', text]), 'docs/a')).toBe('ALLOW:docs/**')
  expect(winner(ruleSet(['user', text]), 'docs/x.md')).toBe('ANALYZE:docs/**/*.md')
  expect(winner(ruleSet(['user', text]), 'docs/a/draft.md')).toBe('BLOCK:docs/*/draft.md')
})

test('each alternative of a brace ranks as if it were written out', () => {
  const rules = ruleSet(['user', 'ALLOW:{a/b,c}/**:\nBLOCK:*/b/**:\nBLOCK:c/d/**:'])
  expect(winner(rules, 'a/b/x')).toBe('ALLOW:{a/b,c}/**')
  expect(winner(rules, 'c/d/x')).toBe('BLOCK:c/d/**')
})

test('explain adds what lost, nearest first, each rule once', () => {
  const rules = ruleSet(
    ['built-in', 'ALLOW:{a,a/b}/**:\nBLOCK:*.md:\nANALYZE:unrelated:'],
    ['user', 'ALLOW:a/b/x.md:\nALLOW:**:'],
  )
  const match = rules.match(pathBytes('a/b/x.md'), true)
  expect(match.rule?.glob).toBe('a/b/x.md')
  expect(match.lost.map(({ glob }) => glob)).toEqual(['**', '{a,a/b}/**', '*.md'])
  expect(rules.match(pathBytes('a/b/x.md')).lost).toEqual([])
  expect(ruleSet(['user', 'BLOCK:x:']).match(pathBytes('y'), true)).toEqual({ rule: null, action: 'ANALYZE', lost: [] })
})

test('the top of the workspace itself is matched by no rule', () => {
  expect(ruleSet(['user', 'BLOCK:**:\nBLOCK:*:']).match(pathBytes('')).rule).toBeNull()
})

const names = ['a', 'b', 'node_modules', 'src', '.claude', 'x.log', 'y.md', 'a.b.log', '.env', 'é']
const globs = fc.oneof(
  fc.array(fc.constantFrom(...names, '*', '**', '*.log', 'a*', '?', '[ab]', '{a,src}', '*.{md,log}', '*a*'), {
    minLength: 1,
    maxLength: 4,
  }),
  fc.tuple(fc.constant('**'), fc.constantFrom(...names), fc.constant('**')),
)
const globText = fc
  .tuple(fc.constantFrom('', '', '/'), globs, fc.constantFrom('', '', '', '/'))
  .map(([start, segments, end]) => start + segments.join('/') + end)
const line = fc
  .tuple(fc.constantFrom('BLOCK', 'ALLOW', 'ANALYZE'), globText, fc.constantFrom('', 'why'))
  .map((parts) => parts.join(':'))
const level = fc.constantFrom<RuleLevel>('litter', 'workspace', 'user', 'built-in')
const files = fc.array(fc.tuple(level, fc.array(line, { maxLength: 12 })), { minLength: 1, maxLength: 4 })
const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'))
const paths = fc.array(path, { minLength: 10, maxLength: 10 })

const levels: readonly RuleLevel[] = ['litter', 'workspace', 'user', 'built-in']
const caution: readonly RuleAction[] = ['BLOCK', 'ANALYZE', 'ALLOW']

/** Tries every rule, straight from the words: nearest level, highest rank, most cautious. */
function byTrying(rules: readonly Rule[], at: PathBytes): readonly [level: RuleLevel, action: RuleAction] | null {
  let best: { readonly key: readonly number[]; readonly rule: Rule } | null = null
  for (const rule of rules) {
    const compiled = compileGlob(rule.glob)
    if (compiled.kind === 'fault') continue
    for (const pattern of compiled.patterns) {
      if (!patternMatches(pattern, pathNames(at))) continue
      const key = [levels.indexOf(rule.level), 1000 - pattern.rank, caution.indexOf(rule.action)]
      if (best === null || key.join().localeCompare(best.key.join(), 'en', { numeric: true }) < 0) best = { key, rule }
    }
  }
  return best === null ? null : [best.rule.level, best.rule.action]
}

test('the index gives the answer of trying every rule, and the same as explain', () => {
  let decided = 0
  fc.assert(
    fc.property(files, paths, (texts, asked) => {
      const rules = ruleSet(...texts.map(([at, lines]) => [at, lines.join('\n')] as const))
      for (const text of asked) {
        const { rule } = rules.match(pathBytes(text))
        decided += rule === null ? 0 : 1
        expect(rule === null ? null : [rule.level, rule.action], text).toEqual(byTrying(rules.rules, pathBytes(text)))
        expect(rules.match(pathBytes(text), true).rule, text).toBe(rule)
      }
    }),
    { seed: 1, numRuns: 800 },
  )
  expect(decided).toBeGreaterThan(3000)
})

function words(rule: Rule | null): unknown {
  return rule && [rule.action, rule.glob, rule.reason]
}

test('the order of lines and files never matters', () => {
  const shuffled = fc.array(line, { minLength: 2, maxLength: 25 }).chain((lines) => {
    return fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length }))
  })
  fc.assert(
    fc.property(shuffled, paths, ([lines, others], asked) => {
      const [one, other] = [ruleSet(['user', lines.join('\n')]), ruleSet(['user', others.join('\n')])]
      for (const text of asked) {
        const [a, b] = [one.match(pathBytes(text), true), other.match(pathBytes(text), true)]
        expect(words(a.rule)).toEqual(words(b.rule))
        expect(a.lost.map(words)).toEqual(b.lost.map(words))
      }
    }),
    { seed: 1, numRuns: 400 },
  )
})

test('a contest finds the rules that match a path of the rule too, each with such a path', () => {
  const rules = ruleSet(
    ['litter', 'BLOCK:*.swp:'],
    [
      'workspace',
      'ALLOW:notes/**/*.md:\nBLOCK:notes/private/**:\nBLOCK:[ab]*.md:\nBLOCK:other/**:\nALLOW:*/x?.m[d-e]:',
    ],
    ['built-in', 'BLOCK:**/*.md:\nBLOCK:*.txt:'],
  )
  const named = (list: readonly { readonly rule: Rule; readonly example: string }[]): readonly string[] =>
    list.map(({ rule, example }) => `${rule.glob} ${example}`).toSorted()
  const own = rules.rules.find(({ glob }) => glob === 'notes/**/*.md')
  const { beats, losesTo } = rules.contest(own as Rule)
  expect(named(beats)).toEqual(['**/*.md notes/x.md', '*/x?.m[d-e] notes/xx.md', '[ab]*.md notes/a.md'])
  expect(named(losesTo)).toEqual(['notes/private/** notes/private/x.md'])
})

test('every path that a contest names is matched by both rules', () => {
  const parts = fc.constantFrom('a', 'b', '*', '?', '**/', '/', '.md', '[ab]', 'x', '{a,b}')
  const lists = fc.array(
    fc.array(parts, { minLength: 1, maxLength: 5 }).map((list) => list.join('')),
    { minLength: 2, maxLength: 6 },
  )
  let seen = 0
  fc.assert(
    fc.property(lists, (list) => {
      const valid = [...new Set(list)].filter((glob) => compileGlob(glob).kind === 'glob')
      const text = valid.map((glob) => `BLOCK:${glob}:`).join('\n')
      const { rules } = compileRules([{ level: 'user', source: 'x', text }], 'ANALYZE')
      for (const rule of rules.rules) {
        const { beats, losesTo } = rules.contest(rule)
        for (const { rule: other, example } of [...beats, ...losesTo]) {
          const match = rules.match(pathBytes(example), true)
          expect([match.rule, ...match.lost]).toEqual(expect.arrayContaining([rule, other]))
          seen += 1
        }
      }
    }),
  )
  expect(seen).toBeGreaterThan(20)
})
