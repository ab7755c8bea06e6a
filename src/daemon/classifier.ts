import { compileRules, createClassifier, type Classifier, type RuleSet } from '../classify/classify.ts'
import type { Config } from '../config/config.ts'
import { SyncError } from '../errors.ts'
import type { RuleFile } from '../types.ts'
import { parsers } from './parsers.ts'

/** @throws SyncError `rules` naming every mistake: a daemon never starts on rules that it only half understands. */
export function buildClassifier(
  config: Config,
  ruleFiles: readonly RuleFile[],
): { readonly classifier: Classifier; readonly rules: RuleSet } {
  const { rules, mistakes } = compileRules(ruleFiles, config.rules.default)
  if (mistakes.length > 0) {
    // A line for each: a file of the workspace may have any name.
    const lines = mistakes.map(({ source, line, column, problem, remedy }) =>
      `${source}:${line}:${column}: ${problem}; ${remedy}`.replaceAll('\n', String.raw`\n`),
    )
    throw new SyncError('rules', lines.join('\n'), 'mend the rules; `workspace-sync filters check` checks them')
  }
  const classifier = createClassifier({
    rules,
    codeExtensions: new Set(config.classes.code),
    volatileKeys: config.content.volatileKeys,
    guard: { maxFileBytes: config.guard.maxFileSizeBytes },
    parsers,
  })
  return { classifier, rules }
}
