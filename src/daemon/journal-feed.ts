import type { Journal, JournalRecord, OutcomeKind, RecordedWriter } from '../journal/journal.ts'
import type { Report } from '../report/report.ts'
import type { ContentFinding, Decision, HeldPath, LayerName, Oid, Writer } from '../types.ts'

/** Longer reasons are cut. */
const reasonLengthMax = 500

/** Volatile members named at most. */
const membersNamed = 5

type Of<K extends Report['kind']> = Extract<Report, { kind: K }>

/** Hands on what the journal keeps of what is told. */
export function journalFeed(journal: Journal, nowMs: () => number): (report: Report) => void {
  return (report) => {
    for (const record of recordsOf(report, nowMs())) journal.record(record)
  }
}

/** What of a report is kept. Nothing that may quote a file or what a program printed. */
export function recordsOf(report: Report, nowMs: number): readonly JournalRecord[] {
  switch (report.kind) {
    case 'decided':
      return [decision(report, nowMs)]
    case 'held':
      return report.facts.map((held) => heldUnjudged(held, nowMs))
    case 'committed':
      return commit(report, nowMs)
    case 'pushed':
      return [outcome('pushed', null, report.oid, nowMs)]
    case 'integrated':
      return [outcome('integrated', null, report.oid, nowMs)]
    case 'failed':
      return [outcome('failed', `${report.what}: ${report.failure.name}`, null, nowMs)]
    case 'paused':
      return [outcome('paused', report.pause.name, null, nowMs)]
    case 'resumed':
      return [outcome('resumed', report.name, null, nowMs)]
    case 'started':
    case 'stopped':
      return [outcome(report.kind, null, null, nowMs)]
    case 'would-commit':
    case 'degraded':
    case 'reconciled':
    case 'notice':
    case 'news':
      return []
  }
}

function decision({ decision: verdict, layer, reason, facts }: Of<'decided'>, nowMs: number): JournalRecord {
  const { path, class: pace, rule, writer, content, tookMs, provisional } = facts
  return {
    ...nothingKnown(path, verdict, nowMs),
    layer,
    reason: cut(layer === 'content' && content !== null ? contentReason(content) : reason),
    class: pace,
    rule:
      rule === null
        ? null
        : { action: rule.action, glob: rule.glob, reason: rule.reason, source: rule.source, line: rule.line },
    writer: writer === null ? null : recordedWriter(writer),
    content: content?.outcome ?? null,
    tookMs,
    provisional,
  }
}

function recordedWriter({ kind, name, tier, program }: Writer): RecordedWriter {
  return { kind, name, tier, executable: program?.executable ?? null, rule: program?.rule ?? null }
}

/** What a hook said may quote what it looked at. */
function heldUnjudged({ path, reason }: HeldPath, nowMs: number): JournalRecord {
  const told = reason.replace(/^(the [\w-]+ hook refused it): .*$/s, '$1; mend it and save the file again')
  return { ...nothingKnown(path, 'hold', nowMs), reason: cut(told) }
}

function nothingKnown(path: HeldPath['path'], verdict: Decision, nowMs: number) {
  const unknown = { class: null, rule: null, writer: null, content: null, tookMs: 0 } as const
  const layer: LayerName | null = null
  const open = { provisional: false, commit: null } as const
  return { kind: 'decision', path, sinceMs: nowMs, atMs: nowMs, count: 1, verdict, layer, ...unknown, ...open } as const
}

function commit({ oid, trigger, tookMs, facts }: Of<'committed'>, nowMs: number): readonly JournalRecord[] {
  const { id, writer, paths } = facts
  return [
    { kind: 'commit', oid, id, atMs: nowMs, trigger, writer, pathCount: paths.length, tookMs },
    ...paths.map((path) => ({ kind: 'link', path, oid }) as const),
  ]
}

function outcome(what: OutcomeKind, name: string | null, oid: Oid | null, nowMs: number): JournalRecord {
  return { kind: 'outcome', what, name, oid, sinceMs: nowMs, atMs: nowMs, count: 1 }
}

/** Names of members are content, but for those that the configuration lists as volatile. */
function contentReason({ outcome: found, volatile, detail }: ContentFinding): string {
  const what = detail.replace(/: .*$/s, '')
  if (found !== 'volatile') return what
  const names = [...new Set(volatile.flatMap((member) => /[\w$-]+(?="?\]?$)/.exec(member)?.[0] ?? []))]
  const shown = names.slice(0, membersNamed).join(', ')
  return shown === '' ? what : `${what}: ${shown}${names.length > membersNamed ? ', …' : ''}`
}

function cut(reason: string): string {
  return reason.length <= reasonLengthMax ? reason : `${reason.slice(0, reasonLengthMax - 1)}…`
}
