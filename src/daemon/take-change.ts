import type { LoadedConfig } from '../config/config.ts'
import type { Board, Parts } from './board.ts'
import { waitingLines, type LiveChange } from './live.ts'
import type { Pipeline } from './pipeline.ts'
import { scheduleOptions } from './schedule-options.ts'

/** Read once, when the daemon starts. */
const needRestart: readonly string[] = ['engine', 'watcher', 'hooks.preCommit', 'log.maxSize', 'journal.keep']
/** Names in one line; more are counted. */
const namesShown = 8

/** Puts other rules or settings to work, and tells what is different or wrong. */
export function takeChange(
  { parts, board, pipeline }: { readonly parts: Parts; readonly board: Board; readonly pipeline: Pipeline },
  change: LiveChange,
): void {
  const notice = (text: string): void => parts.report({ kind: 'notice', text })
  const news = (text: string): void => parts.report({ kind: 'news', text })
  if (change.kind === 'mistaken') {
    notice(`rules and settings stay as they were: ${change.mistake.text}`)
    return pipeline.ring()
  }
  if (change.kind === 'mended' || change.mended) news('the mistake in the rules and settings is mended')
  if (change.kind === 'mended') return pipeline.ring()
  const { before, after } = change
  const names = changedNames(before, after)
  if (names.length > 0) news(`in force from now on: ${listed(names)}`)
  const known = new Set([...before.warnings, ...waitingLines(before)])
  for (const warning of [...after.warnings, ...waitingLines(after)]) if (!known.has(warning)) notice(warning)
  const settings = changedSettings(before, after)
  if (settings.some((key) => key.startsWith('writers.'))) parts.observer?.renamed()
  const late = settings.filter((key) => needRestart.includes(key))
  if (late.length > 0) notice(`${listed(late)}: takes effect after workspace-sync restart`)
  parts.breaker.setCooldown(parts.config.limits.cooldownMs)
  // All that was dealt with is judged again: what was blocked may be wanted now, and what is pending may be blocked.
  board.dealt.clear()
  pipeline.tell({ kind: 'options', options: scheduleOptions(parts.config, parts.pushAllowed, parts.dryRun) })
  pipeline.tell({ kind: 'reconcile-wanted', reason: 'rules or settings changed' })
  pipeline.doubt()
}

function changedNames(before: LoadedConfig, after: LoadedConfig): readonly string[] {
  const rules = changedBetween(before.ruleFiles, after.ruleFiles, ({ source }) => source)
  return [...changedSettings(before, after), ...rules.map((source) => `the rules of ${source}`)]
}

function changedSettings(before: LoadedConfig, after: LoadedConfig): readonly string[] {
  return changedBetween(
    before.settings.map(({ key, value }) => ({ key, value })),
    after.settings.map(({ key, value }) => ({ key, value })),
    ({ key }) => key,
  )
}

/** Names of what is not the same in both. */
function changedBetween<T>(before: readonly T[], after: readonly T[], nameOf: (one: T) => string): readonly string[] {
  const texts = (list: readonly T[]): ReadonlyMap<string, string> =>
    new Map(list.map((one) => [nameOf(one), JSON.stringify(one)]))
  const [old, fresh] = [texts(before), texts(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => old.get(name) !== fresh.get(name))
}

function listed(names: readonly string[]): string {
  const more = names.length - namesShown
  return `${names.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
