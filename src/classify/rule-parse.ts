/** Rule files, line by line: `ACTION:glob:reason`. Every mistake says where it is and what to write instead. */

import { compileGlob } from './globs.ts'
import type { Rule, RuleAction, RuleFile } from '../types.ts'
import type { Pattern } from './globs.ts'

export interface RuleMistake {
  readonly source: string
  /** 1-based. */
  readonly line: number
  /** 1-based, UTF-16 units. */
  readonly column: number
  readonly problem: string
  readonly remedy: string
}

export interface CompiledRule {
  readonly rule: Rule
  readonly patterns: readonly Pattern[]
}

interface ParsedFile {
  readonly rules: readonly CompiledRule[]
  readonly mistakes: readonly RuleMistake[]
}

const maxRulesPerFile = 10_000
/** Bounds the memory of a file whose every rule uses all the braces it may: the rest of the file is not read. */
const maxPatternsPerFile = 50_000
/** A file in another format has a mistake in every line; nobody reads the twenty-first. */
const maxMistakesPerFile = 20

export function parseRuleFile(file: RuleFile): ParsedFile {
  const rules: CompiledRule[] = []
  const mistakes: RuleMistake[] = []
  let patterns = 0
  for (const [index, text] of file.text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (/^\s*(?:#|$)/u.test(text)) continue
    const line = index + 1
    const limit = limitReached(rules.length, patterns, mistakes.length)
    if (limit !== null) {
      mistakes.push({ source: file.source, line, column: 1, ...limit })
      break
    }
    const parsed = parseLine(text, file, line)
    if ('problem' in parsed) {
      mistakes.push(parsed)
    } else {
      rules.push(parsed)
      patterns += parsed.patterns.length
    }
  }
  return { rules: mistakes.length === 0 ? rules : [], mistakes }
}

function limitReached(
  rules: number,
  patterns: number,
  mistakes: number,
): Pick<RuleMistake, 'problem' | 'remedy'> | null {
  if (mistakes >= maxMistakesPerFile) {
    return { problem: 'too many mistakes, the rest is not read', remedy: 'a rule is ACTION:glob:reason, one a line' }
  }
  if (rules >= maxRulesPerFile) {
    return { problem: `more than ${maxRulesPerFile} rules in one file`, remedy: 'use wildcards, or a second file' }
  }
  if (patterns >= maxPatternsPerFile) {
    const remedy = 'use wildcards instead of long lists in braces, or a second file'
    return { problem: `the braces of this file stand for more than ${maxPatternsPerFile} globs`, remedy }
  }
  return null
}

function parseLine(text: string, file: RuleFile, line: number): CompiledRule | RuleMistake {
  const mistake = (at: number, problem: string, remedy: string): RuleMistake => {
    return { source: file.source, line, column: at + 1, problem, remedy }
  }
  const start = text.length - text.trimStart().length
  const colon = text.indexOf(':')
  if (colon < 0) {
    return mistake(start, 'no colon: a rule is ACTION:glob:reason', `write for example BLOCK:${shortened(text)}:reason`)
  }
  const action = text.slice(start, colon)
  if (!isAction(action)) return mistake(start, ...actionFault(action))
  const end = globEnd(text, colon + 1)
  if (end < 0) {
    return mistake(
      text.length,
      'no colon after the glob',
      `write ${shortened(text)}: and, if you like, a reason after it`,
    )
  }
  const raw = text.slice(colon + 1, end)
  const compiled = compileGlob(raw)
  if (compiled.kind === 'fault') {
    const { at, problem, remedy } = compiled.fault
    return mistake(colon + 1 + at, problem, remedy)
  }
  const glob = raw.replace(/\\(.)/gsu, (escape, character: string) => (character === ':' ? ':' : escape))
  const reason = text.slice(end + 1).trim()
  return { rule: { action, glob, reason, level: file.level, source: file.source, line }, patterns: compiled.patterns }
}

const actions: readonly string[] = ['BLOCK', 'ALLOW', 'ANALYZE'] satisfies RuleAction[]

function isAction(text: string): text is RuleAction {
  return actions.includes(text)
}

function actionFault(action: string): [problem: string, remedy: string] {
  const meant = action.trim().toUpperCase()
  if (isAction(meant)) return [`${JSON.stringify(action)} is not an action`, `write ${meant}: capitals, no spaces`]
  const negative = ['IGNORE', 'EXCLUDE', 'DENY', 'SKIP'].includes(meant)
  const remedy = negative ? 'write BLOCK' : 'write BLOCK, ALLOW or ANALYZE before the first colon'
  return [`${JSON.stringify(shortened(action))} is not an action`, remedy]
}

/** The first colon that no backslash stands before. */
function globEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === ':') return at
  }
  return -1
}

function shortened(text: string): string {
  const plain = text.trim()
  return plain.length <= 60 ? plain : `${plain.slice(0, 57)}...`
}
