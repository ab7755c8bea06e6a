import type { DryVerdict } from '../daemon/daemon.ts'
import { pathText, type Rule } from '../types.ts'
import { printable } from './printable.ts'

/** Losing rules shown; more are counted. */
const lostShown = 5

/** `test-filter` for people: the verdict first, then every layer that was asked. */
export function verdictText({ verdict, match }: DryVerdict): string {
  const { path, decision, layer, reason, trail } = verdict
  const lines = [
    `${printable(pathText(path))}: ${decision} (${layer}: ${printable(reason)}; class ${verdict.class})`,
    ...trail.map((step) => `  ${step.layer.padEnd(8)} ${step.outcome.padEnd(5)} ${printable(step.detail)}`),
    ...match.lost.slice(0, lostShown).map((rule) => `  ${'lost'.padEnd(14)} ${ruleText(rule)}`),
  ]
  const more = match.lost.length - lostShown
  return [...lines, ...(more > 0 ? [`  and ${more} more rules that match and lost`] : [])].join('\n')
}

function ruleText({ action, glob, source, line }: Rule): string {
  return printable(`${action}:${glob} (${source}:${line})`)
}
