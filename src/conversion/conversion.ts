/**
 * Rules of the older shell tool to rules of today. There a rule was `ACTION:regex:reason`, and the regex was looked for
 * anywhere in the path (`[[ $path =~ regex ]]`). What a glob cannot say exactly is not said at all.
 */

import { compileRules } from '../classify/classify.ts'
import type { RuleAction } from '../types.ts'
import { parseEre } from './ere.ts'
import { globOf } from './globs-of.ts'
import { sequencesOf, widened, type Sequence } from './sequences.ts'

export interface ConvertedRule {
  readonly action: RuleAction
  readonly glob: string
  readonly reason: string
  /** 1-based, of the old file. */
  readonly line: number
}

export interface Unconverted {
  readonly line: number
  /** 1-based, UTF-16 units. */
  readonly column: number
  readonly text: string
  readonly problem: string
  readonly remedy: string
}

/** One line of the old file: a comment as it is, the rules that it became, or why there are none. */
export type ImportedLine =
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'rules'; readonly rules: readonly ConvertedRule[] }
  | { readonly kind: 'refused'; readonly refused: Unconverted }

const rulesMax = 10_000
const actions: readonly string[] = ['BLOCK', 'ALLOW', 'ANALYZE'] satisfies RuleAction[]
const inGlobs = 'write it as a glob with workspace-sync filters add: * is any part of a name, ** any depth'

/** null: more rules than a rule file may have. */
export function importRules(text: string): readonly ImportedLine[] | null {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const isRule = (line: string): boolean => !/^\s*(?:#|$)/u.test(line)
  if (lines.filter(isRule).length > rulesMax) return null
  return lines.map((line, index) => (isRule(line) ? convertLine(line, index + 1) : { kind: 'comment', text: line }))
}

function convertLine(text: string, line: number): ImportedLine {
  const refused = (at: number, problem: string, remedy: string): ImportedLine => {
    return { kind: 'refused', refused: { line, column: at + 1, text, problem, remedy } }
  }
  const [action = '', regex, ...rest] = text.split(':')
  if (regex === undefined) return refused(0, 'no colon', 'a rule of that tool is ACTION:regex:reason')
  if (!isAction(action)) return refused(0, `"${action.slice(0, 40)}" is not an action`, 'write BLOCK, ALLOW or ANALYZE')
  const start = action.length + 1
  if (regex === '') return refused(start, 'no regular expression: it would match every path', 'write ** for every path')
  const parsed = parseEre(regex)
  if (parsed.kind === 'fault') return refused(start + parsed.fault.at, parsed.fault.problem, parsed.fault.remedy)
  const sequences = sequencesOf(parsed.ere)
  if (sequences === null) return refused(start, 'it stands for too many globs', 'split it into several rules')
  const globs: string[] = []
  for (const sequence of sequences) {
    const made = globOf(sequence)
    if (made !== null && 'problem' in made) return refused(start, made.problem, wider(sequences, action, rest))
    if (made !== null) globs.push(made.glob)
  }
  if (globs.length === 0) return refused(start, 'no path can match it', 'leave it out')
  const reason = rest.join(':').trim()
  const rules = joined(globs).map((glob) => ({ action, glob, reason, line }))
  const lines = rules.map((rule) => `${action}:${rule.glob}:${reason}`).join('\n')
  const [mistake] = compileRules([{ level: 'user', source: '', text: lines }], 'ANALYZE').mistakes
  return mistake === undefined ? { kind: 'rules', rules } : refused(start, `as a glob: ${mistake.problem}`, inGlobs)
}

/** What to write instead where that may match more. */
function wider(sequences: readonly Sequence[], action: RuleAction, rest: readonly string[]): string {
  const made = joined(sequences.map(widened).flatMap((one) => globTexts(globOf(one))))
  const [glob = '', ...more] = made
  const text = `${action}:${glob}:${rest.join(':').trim()}`
  const isRule = compileRules([{ level: 'user', source: '', text }], 'ANALYZE').mistakes.length === 0
  if (!isRule || more.length > 0 || /['\p{C}]/u.test(text)) return inGlobs
  return `if any characters may stand there: workspace-sync filters add '${text}'`
}

function globTexts(made: ReturnType<typeof globOf>): readonly string[] {
  return made !== null && 'glob' in made ? [made.glob] : []
}

/** `a` at the top and `a` below any directory are `a` at any depth. */
function joined(globs: readonly string[]): readonly string[] {
  const deep = '*/**/'
  const all = new Set(globs)
  const atTop = (glob: string): string | undefined => {
    const rest = glob.slice(deep.length)
    return glob.startsWith(deep) ? [rest, `/${rest}`].find((one) => all.has(one)) : undefined
  }
  const covered = new Set(globs.flatMap((glob) => atTop(glob) ?? []))
  return [...all]
    .filter((glob) => !covered.has(glob))
    .map((glob) => (atTop(glob) === undefined ? glob : `**/${glob.slice(deep.length)}`))
}

function isAction(text: string): text is RuleAction {
  return actions.includes(text)
}
