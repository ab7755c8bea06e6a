/** How `why` says what is recorded. */
import { shellPath } from '../../shell.ts'
import { pathText } from '../../types.ts'
import { counted, printable } from '../printable.ts'
import type { Recorded, Whereabouts, WhyFacts } from '../why-facts.ts'

type When = (instantMs: number) => string

const oidLength = 10

/** @param when an instant for people. */
export function whyText(facts: WhyFacts, when: When): string {
  if (facts.kind === 'directory') return directoryText(facts, when)
  const name = printable(pathText(facts.path))
  const lines = [
    `${name}: ${headline(facts)}`,
    ...eventsOf(facts, when).flatMap(({ lines: told }) => told),
    ...renameLines(facts),
    ...lostLines(facts),
    ...nowLines(facts),
  ]
  return lines.join('\n')
}

interface Told {
  readonly atMs: number
  readonly lines: readonly string[]
}

/** Decisions, and commits that none of them names, newest first. */
function eventsOf(facts: WhyFacts, when: When): readonly Told[] {
  const decisions = facts.decisions.map((one) => ({ atMs: one.atMs, lines: decisionLines(one, when) }))
  return [...decisions, ...gitEvents(facts, when)].toSorted((a, b) => b.atMs - a.atMs)
}

/** What became of the path, in a few words. Also for `--json`. */
export function headline(facts: WhyFacts): string {
  const { decisions, commits, pauses } = facts
  const [last] = decisions
  const [commit] = commits
  if (last === undefined) {
    if (commit !== undefined) return `committed as ${short(commit.oid)}${placed(commit.where)}; no decision is recorded`
    return 'nothing is recorded about it'
  }
  if (last.content === 'same') return 'nothing to sync: it is as at HEAD'
  if (last.verdict === 'block') return 'not synced'
  if (last.verdict === 'hold') return 'held'
  if (last.commit !== null) return `committed as ${short(last.commit)}${placed(last.where)}`
  const paused = pauses.length === 0 ? '' : `; paused: ${pauses.map(printable).join(', ')}`
  return `to be synced, not committed yet${paused}`
}

function decisionLines(decision: Recorded, when: When): readonly string[] {
  const { verdict, atMs, sinceMs, count, layer, reason, writer, commit, where } = decision
  const repeated = count > 1 && verdict !== 'sync' ? `, ${grouped(count)} times since ${when(sinceMs)}` : ''
  return [
    `  ${when(atMs)}  ${verdict}${repeated}`,
    `    ${layer === null ? '' : `${layer}: `}${printable(reason)}`,
    ...(decision.rule === null || layer === 'rules' ? [] : [`    ${ruleText(decision.rule)}`]),
    ...(writer === null || writer.kind === 'unknown' || layer === 'process' ? [] : [`    ${writerText(writer)}`]),
    ...(commit === null ? [] : [`    committed as ${short(commit)}${placed(where)}`]),
  ]
}

function ruleText({ action, glob, reason, source, line }: NonNullable<Recorded['rule']>): string {
  return printable(`rule ${action} ${glob}${reason === '' ? '' : ` (${reason})`}, ${source}:${line}`)
}

function writerText({ kind, name, tier, executable, rule }: NonNullable<Recorded['writer']>): string {
  const who = `${kind}${name === null ? '' : ` "${name}"`}${tier === null ? '' : ` (${tier})`}`
  const how = executable === null ? '' : `, ${executable}, known by ${rule === 'run' ? 'run' : `the pattern ${rule}`}`
  return printable(`written by: ${who}${how}`)
}

function gitEvents({ commits, decisions }: WhyFacts, when: When): readonly Told[] {
  const named = new Set(decisions.map(({ commit }) => commit))
  return commits
    .filter(({ oid }) => !named.has(oid))
    .map(({ oid, atMs, subject, where }) => {
      const text = `  ${when(atMs)}  commit ${short(oid)}${placed(where)}: ${printable(subject)}`
      return { atMs, lines: [text] }
    })
}

function renameLines({ renamedFrom, renamedTo }: WhyFacts): readonly string[] {
  return [
    ...(renamedFrom === null ? [] : [`  it was named ${printable(pathText(renamedFrom))} before`]),
    ...(renamedTo === null ? [] : [`  it is named ${printable(pathText(renamedTo))} now`]),
  ]
}

function lostLines({ lostCount }: WhyFacts): readonly string[] {
  return lostCount === 0 ? [] : [`  ${grouped(lostCount)} later decisions, perhaps of other paths, were not recorded`]
}

/** What would happen now, where that is news. */
function nowLines({ path, now, decisions }: WhyFacts): readonly string[] {
  const [last] = decisions
  if (now === null) return []
  const { decision, layer, reason } = now.verdict
  if (last !== undefined && (last.verdict === decision || last.content === 'same')) return []
  const said = `${decision} (${layer}: ${printable(reason)})`
  return [`  if it changed now: ${said}`, `  in full: workspace-sync test-filter ${shellPath(path)}`]
}

function directoryText({ path, decisions, pathCount }: WhyFacts, when: When): string {
  const name = path === '' ? 'the workspace' : printable(`${pathText(path)}/`)
  if (pathCount === 0) {
    return `${name}: nothing is recorded about what is below it\n  ask about one file: workspace-sync test-filter PATH`
  }
  const rest = pathCount - decisions.length
  return [
    `${name}: the last decision about each of ${counted(pathCount, 'path')}, newest first`,
    ...decisions.map((decision) => directoryLine(decision, when)),
    ...(rest > 0 ? [`  and ${grouped(rest)} more (-n ${pathCount} shows all)`] : []),
  ].join('\n')
}

function directoryLine(decision: Recorded, when: When): string {
  const { path, verdict, atMs, count, reason, commit, where } = decision
  const repeated = count > 1 && verdict !== 'sync' ? ` (${grouped(count)} times)` : ''
  const what = commit === null ? printable(reason) : `committed as ${short(commit)}${placed(where)}`
  return `  ${when(atMs)}  ${verdict.padEnd(5)} ${printable(pathText(path))}${repeated}  ${what}`
}

function placed(where: Whereabouts | null): string {
  switch (where) {
    case 'pushed':
      return ', on the remote'
    case 'waiting':
      return ', not on the remote yet'
    case 'gone':
      return ', which this branch no longer has'
    case 'unknown':
      return ', kept here: the branch has no upstream'
    case null:
      return ''
  }
}

function short(oid: string): string {
  return oid.slice(0, oidLength)
}

/** 3,600. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
