/**
 * Layer 1: rule files to one ordered set, and the rule that decides about a path.
 *
 * Litter is asked first, then the levels workspace, user, built in. Within a level the pattern with more literal
 * segments before its first wildcard wins, then the more cautious action. What is still equal is ordered by its text,
 * so the order of lines and files never decides.
 */

import { commonPath } from './common-path.ts'
import { patternMatches } from './globs.ts'
import { pathNames } from './path-names.ts'
import { RuleIndex } from './rule-index.ts'
import { parseRuleFile } from './rule-parse.ts'
import type { PathBytes, Rule, RuleAction, RuleFile, RuleLevel, RuleMatch } from '../types.ts'
import type { Pattern } from './globs.ts'
import type { CompiledRule, RuleMistake } from './rule-parse.ts'

export type { RuleMistake } from './rule-parse.ts'

export interface RuleSet {
  readonly rules: readonly Rule[]
  /** @param explain also fill `lost`, which takes a look at every rule */
  match(path: PathBytes, explain?: boolean): RuleMatch
  /** Which other rules match a path that `rule`, one of this set, matches too. Found by example: not every one is. */
  contest(rule: Rule): Contest
}

/** Rules with a path that both match. */
export interface Contest {
  readonly beats: readonly Rival[]
  readonly losesTo: readonly Rival[]
}

export interface Rival {
  readonly rule: Rule
  readonly example: string
}

/** Rivals that are looked for, and pairs of globs that are compared for it; more are not told. */
const rivalsMax = 200
const pairsMax = 200_000

export interface CompiledRules {
  readonly rules: RuleSet
  readonly mistakes: readonly RuleMistake[]
  /** Rules that wait for somebody's acknowledgement of their file. */
  readonly waiting: readonly Rule[]
  /** Mistakes in files that nobody acknowledged: they are told and stop nothing. */
  readonly doubts: readonly RuleMistake[]
}

/** Texts in, rule set or mistakes out. A file with a mistake adds no rule at all. */
export function compileRules(files: readonly RuleFile[], defaultAction: RuleAction): CompiledRules {
  const parsed = files.map((file) => ({ ...parseRuleFile(file), standing: file.standing }))
  const isInForce = (file: (typeof parsed)[number], { rule }: CompiledRule): boolean =>
    file.standing !== 'waits' || rule.action === 'BLOCK'
  const compiled = parsed.flatMap((file) => file.rules.filter((rule) => isInForce(file, rule)))
  return {
    rules: new OrderedRules(compiled, defaultAction),
    mistakes: parsed.flatMap((file) => (file.standing === undefined ? file.mistakes : [])),
    waiting: parsed.flatMap((file) => file.rules.filter((rule) => !isInForce(file, rule)).map(({ rule }) => rule)),
    doubts: parsed.flatMap((file) => (file.standing === undefined ? [] : file.mistakes)),
  }
}

interface Candidate {
  readonly rule: Rule
  readonly pattern: Pattern
}

class OrderedRules implements RuleSet {
  readonly rules: readonly Rule[]
  private readonly candidates: readonly Candidate[]
  private readonly index: RuleIndex
  private readonly none: RuleMatch

  constructor(compiled: readonly CompiledRule[], defaultAction: RuleAction) {
    this.rules = compiled.map(({ rule }) => rule)
    this.candidates = compiled
      .flatMap(({ rule, patterns }) => patterns.map((pattern) => ({ rule, pattern })))
      .toSorted(nearestFirst)
    this.index = new RuleIndex(this.candidates.map(({ pattern }, order) => ({ order, pattern })))
    this.none = { rule: null, action: defaultAction, lost: [] }
  }

  match(path: PathBytes, explain = false): RuleMatch {
    // The top of the workspace has no name that a rule could match.
    if (path === '') return this.none
    const names = pathNames(path)
    if (explain) return this.explain(names)
    const winner = this.candidates[this.index.best(names)]
    return winner === undefined ? this.none : { rule: winner.rule, action: winner.rule.action, lost: [] }
  }

  contest(rule: Rule): Contest {
    const own = this.candidates.filter((candidate) => candidate.rule === rule)
    const beats = new Map<Rule, string>()
    const losesTo = new Map<Rule, string>()
    let pairs = 0
    for (const mine of own) {
      for (const { pattern, rule: other } of this.candidates) {
        pairs += 1
        if (pairs > pairsMax || beats.size + losesTo.size >= rivalsMax) break
        const names = other === rule ? null : commonPath(mine.pattern, pattern)
        if (names === null) continue
        const match = this.explain(names)
        const example = names.join('/')
        if (match.rule === rule) beats.set(other, beats.get(other) ?? example)
        else if (match.rule !== null) losesTo.set(match.rule, losesTo.get(match.rule) ?? example)
      }
    }
    return { beats: rivals(beats), losesTo: rivals(losesTo) }
  }

  private explain(names: readonly string[]): RuleMatch {
    const matching = new Set<Rule>()
    for (const { rule, pattern } of this.candidates) if (patternMatches(pattern, names)) matching.add(rule)
    const [rule, ...lost] = matching
    return rule === undefined ? this.none : { rule, action: rule.action, lost }
  }
}

function rivals(found: ReadonlyMap<Rule, string>): readonly Rival[] {
  return [...found].map(([rule, example]) => ({ rule, example }))
}

const levels: readonly RuleLevel[] = ['litter', 'workspace', 'user', 'built-in']
const caution: readonly RuleAction[] = ['BLOCK', 'ANALYZE', 'ALLOW']

function nearestFirst(a: Candidate, b: Candidate): number {
  return (
    levels.indexOf(a.rule.level) - levels.indexOf(b.rule.level) ||
    b.pattern.rank - a.pattern.rank ||
    caution.indexOf(a.rule.action) - caution.indexOf(b.rule.action) ||
    compareText(a.rule.glob, b.rule.glob) ||
    compareText(a.rule.reason, b.rule.reason) ||
    compareText(a.rule.source, b.rule.source) ||
    a.rule.line - b.rule.line
  )
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
