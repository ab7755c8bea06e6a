import { SyncError } from '../../errors.ts'
import type { Rule } from '../../types.ts'
import type { Context, Given } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { ruleMistaken } from '../messages.ts'
import { addedText, duplicateRule, noRuleGiven, notOneLine } from '../messages/filters-add.ts'
import { addRules, type Added } from '../rule-adding.ts'

type Rival = ReturnType<Added['all']['contest']>['beats'][number]

/** Adds one rule; says which others it beats and loses to. */
export async function addRule(context: Context, { args, options }: Given): Promise<number> {
  const level = options['user'] === true ? 'user' : 'workspace'
  const text = (args[0] ?? '').trim()
  const wanted = await parsed(text)
  const { all, rules, from } = await addRules(context, level, (there) => {
    const same = there.find(({ action, glob }) => action === wanted.action && glob === wanted.glob)
    if (same !== undefined) throw refused(duplicateRule(same))
    return [text]
  })
  const [rule = wanted] = rules
  const contest = all.contest(rule)
  const beats = contest.beats.toSorted(byWeight(rule))
  const losesTo = contest.losesTo.toSorted(byWeight(rule))
  const { action, glob, reason, source, line } = rule
  context.answer(
    {
      rule: { action, glob, reason, level, source, line },
      inForce: from.kind === 'now',
      beats: beats.map(rival),
      losesTo: losesTo.map(rival),
    },
    addedText({ rule, beats, losesTo }, from),
  )
  return exitCode.done
}

/** Where both say the same it makes no difference which of them is heard; litter is always heard first. */
function byWeight(rule: Rule): (a: Rival, b: Rival) => number {
  const weight = (one: Rival): number =>
    Number(one.rule.action === rule.action) * 2 + Number(one.rule.level === 'litter')
  return (a, b) => weight(a) - weight(b)
}

function rival({ rule: { action, glob, level, source, line }, example }: Rival) {
  return { action, glob, level, source, line, example }
}

/** @throws SyncError with the column of a mistake and what to write instead. */
async function parsed(text: string): Promise<Rule> {
  const { compileRules } = await import('../../classify/classify.ts')
  if (/[\r\n]/.test(text)) throw refused(notOneLine)
  const { rules, mistakes } = compileRules([{ level: 'workspace', source: 'the rule', text }], 'ANALYZE')
  const [mistake] = mistakes
  if (mistake !== undefined) throw refused(ruleMistaken(mistake))
  const [rule] = rules.rules
  if (rule === undefined) throw refused(noRuleGiven)
  return rule
}

function refused({ message, hint }: { readonly message: string; readonly hint: string }): SyncError {
  return new SyncError('rules', message, hint)
}
