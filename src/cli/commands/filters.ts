import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { SyncError } from '../../errors.ts'
import type { RuleAction, RuleFile } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { loadInForce, warnAbout } from '../in-force.ts'
import { accuracyText } from '../messages/accuracy.ts'
import { waits } from '../messages/ack.ts'
import { noRules, notReadable, notUsable, rulesMistaken, rulesValid } from '../messages.ts'
import { printable } from '../printable.ts'
import { addRule } from './filters-add.ts'
import { importRuleFile } from './filters-import.ts'

export function registerFilters(program: Command, run: Run): void {
  const filters = program
    .command('filters')
    .description(help.filters.summary)
    .addHelpText('after', exampleText(help.filters.example))
  filters
    .command('list')
    .description(help.filtersList.summary)
    .addHelpText('after', exampleText(help.filtersList.example))
    .action(run(listRules))
  filters
    .command('check')
    .description(help.filtersCheck.summary)
    .argument('[file...]', 'rule files (default: all that are in force)')
    .option('--accuracy', optionHelp.accuracy)
    .addHelpText('after', exampleText(help.filtersCheck.example))
    .action(run((context, given) => (given.options['accuracy'] === true ? accuracy : checkRules)(context, given)))
  filters
    .command('add')
    .description(help.filtersAdd.summary)
    .argument('<rule>')
    .option('--user', optionHelp.userRules)
    .addHelpText('after', exampleText(help.filtersAdd.example))
    .action(run(addRule))
  filters
    .command('import')
    .description(help.filtersImport.summary)
    .argument('<file>', 'a file of rules of the older shell tool, ACTION:regex:reason')
    .option('--write', optionHelp.writeRules)
    .option('--user', optionHelp.userRules)
    .addHelpText('after', exampleText(help.filtersImport.example))
    .action(run(importRuleFile))
}

async function listRules(context: Context): Promise<number> {
  const { compileRules } = await import('../../classify/classify.ts')
  const { ruleFiles, defaultAction } = await filesInForce(context)
  const { rules, mistakes, waiting } = compileRules(ruleFiles, defaultAction)
  if (mistakes.length > 0) {
    const { message, hint } = rulesMistaken(mistakes.length)
    throw new SyncError('rules', message, hint)
  }
  const listed = [...rules.rules, ...waiting].map((rule) => {
    const { action, glob, reason, level, source, line } = rule
    return { action, glob, reason, level, source, line, waits: waiting.includes(rule) }
  })
  const widest = Math.max(0, ...listed.map(({ glob }) => glob.length))
  const lines = listed.map((rule) => {
    const { action, glob, reason, source, line } = rule
    const place = printable(`${source}:${line}`)
    const from = rule.waits ? waits(place) : place
    return [action.padEnd(7), printable(glob).padEnd(widest), from, printable(reason)].join('  ').trimEnd()
  })
  context.answer(listed, lines.length === 0 ? noRules : lines.join('\n'))
  return exitCode.done
}

async function checkRules(context: Context, { args }: Given): Promise<number> {
  const { compileRules } = await import('../../classify/classify.ts')
  const inForce = args.length === 0 ? await filesInForce(context) : null
  const ruleFiles = inForce?.ruleFiles ?? (await Promise.all(args.map((path) => readRules(context, path))))
  const compiled = compileRules(ruleFiles, inForce?.defaultAction ?? 'ANALYZE')
  const { rules } = compiled
  const mistakes = [...compiled.mistakes, ...compiled.doubts]
  const lines = mistakes.map(
    ({ source, line, column, problem, remedy }) =>
      `${printable(`${source}:${line}:${column} ${problem} — ${remedy}`)}\n`,
  )
  if (context.json) context.answer({ ok: mistakes.length === 0, rules: rules.rules.length, mistakes }, '')
  else if (mistakes.length === 0) context.answer(null, rulesValid(rules.rules.length, ruleFiles.length))
  else context.err(lines.join(''))
  return mistakes.length === 0 ? exitCode.done : exitCode.usage
}

/** Over recorded traces; exits 1 when something wanted is kept back or a harm leaves. */
async function accuracy(context: Context, { args }: Given): Promise<number> {
  const { checkAccuracy } = await import('../../accuracy/accuracy.ts')
  const { config, ruleFiles } = await filesInForce(context)
  const traces = args.map((path) => resolve(context.directory, path))
  const score = await checkAccuracy(traces, config, ruleFiles)
  context.answer(score, accuracyText(score))
  return score.ok ? exitCode.done : exitCode.failed
}

interface InForce {
  readonly config: Config
  readonly ruleFiles: readonly RuleFile[]
  readonly defaultAction: RuleAction
}

async function filesInForce(context: Context): Promise<InForce> {
  const { loaded } = await loadInForce(context)
  const { config, ruleFiles } = loaded
  warnAbout(context, loaded)
  return { config, ruleFiles, defaultAction: config.rules.default }
}

async function readRules({ directory }: Context, path: string): Promise<RuleFile> {
  const { configFiles } = await import('../../config/config.ts')
  const read = configFiles.readRules(resolve(directory, path))
  if (read.kind === 'text') return { level: 'user', source: path, text: read.text }
  const { message, hint } =
    read.kind === 'absent' ? notReadable(path, 'ENOENT') : notUsable(path, read.problem, read.remedy)
  throw new SyncError('usage', message, hint)
}
