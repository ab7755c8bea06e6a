import { counted, printable } from '../printable.ts'

/** Rivals named at most; more are counted. */
const rivalsShown = 5

interface RuleText {
  readonly action: string
  readonly glob: string
  readonly reason: string
  readonly level: string
  readonly source: string
  readonly line: number
}

interface RivalText {
  readonly rule: RuleText
  readonly example: string
}

export type InForceFrom =
  | { readonly kind: 'now' }
  | { readonly kind: 'next-start' }
  /** Something else is wrong, so that the daemon keeps to what it had. */
  | { readonly kind: 'stuck'; readonly reason: string }

export interface AddedRule {
  readonly rule: RuleText
  readonly beats: readonly RivalText[]
  readonly losesTo: readonly RivalText[]
}

export const ruleLine = (action: string, glob: string, reason: string): string =>
  `${action}:${glob.replaceAll(':', '\\:')}:${reason}`

export function addedText({ rule, beats, losesTo }: AddedRule, from: InForceFrom): string {
  const { action, glob, reason } = rule
  const none = beats.length + losesTo.length === 0 ? ['no other rule was found that matches the same paths'] : []
  return [
    `added ${printable(ruleLine(action, glob, reason))}`,
    `to ${placeText(rule)}; ${inForceText(from)}`,
    ...rivalLines('beats', beats),
    ...rivalLines('loses to', losesTo),
    ...none,
  ].join('\n')
}

export function inForceText(from: InForceFrom): string {
  if (from.kind === 'now') return 'in force from now on'
  return from.kind === 'next-start' ? 'it counts from the next start on' : `not yet in force: ${printable(from.reason)}`
}

function rivalLines(what: string, rivals: readonly RivalText[]): readonly string[] {
  const own = rivals.filter(({ rule }) => rule.level !== 'litter')
  const shown = own
    .slice(0, rivalsShown)
    .map(
      ({ rule, example }) =>
        `${what} ${rule.action} ${printable(rule.glob)} (${placeText(rule)}), as for ${printable(example)}`,
    )
  const more = own.length - shown.length
  const litter = rivals.length - own.length
  return [
    ...shown,
    ...(more > 0 ? [`${what} ${more} more`] : []),
    ...(litter > 0 ? [`${what} ${counted(litter, 'rule')} of litter, which is asked first`] : []),
  ]
}

function placeText({ source, line }: RuleText): string {
  return printable(`${source}:${line}`)
}

export const noRuleGiven = {
  message: 'no rule was given',
  hint: "write one as workspace-sync filters add 'BLOCK:build/**:made again at every build'",
}

export const notOneLine = {
  message: 'a rule is one line',
  hint: 'add one after the other; workspace-sync filters import takes files of the older shell tool',
}

export const duplicateRule = ({ action, glob, source, line }: RuleText) => ({
  message: `${action} ${printable(glob)} is there already: ${printable(`${source}:${line}`)}`,
  hint: 'nothing is to be done; its reason may be changed there',
})

export const waitsItself = (source: string) => ({
  message: `${printable(source)} came from elsewhere and waits for your word`,
  hint: `look at it, then say workspace-sync ack ${printable(source)}, and add the rule again`,
})
