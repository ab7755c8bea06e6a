import { pathsToldMax } from '../types.ts'
import { counted, printable, span } from './printable.ts'
import type { LastKnown, NotRunning } from './not-running.ts'
import type { StatusReport } from './status-report.ts'

/** Entries of one list that are shown; the rest is counted. `--json` has all of them. */
const shownMax = 10
const labelWidth = 12

type Paint = (text: string) => string

/** The status for people. @param nowMs for the ages of what is given as an instant. */
export function statusText(report: StatusReport, nowMs: number, color: boolean): string {
  const { hour, day } = report.budget
  const remote = report.remote === null ? 'no remote' : printable(report.remote)
  const lines = [
    row('running', `true, pid ${report.pid}, version ${report.version}, for ${span(report.uptimeMs)}`),
    row('workspace', printable(report.workspace)),
    row('branch', `${printable(report.branch ?? 'none (detached HEAD)')}, ${remote}`),
    row('state', stateText(report, color)),
    row('in sync', syncText(report, color)),
    ...list('pending', report.pending, ({ path, class: pace, dueMs }) => `${printable(path)}  ${pace}, ${due(dueMs)}`),
    ...list('held', report.held, ({ path, reason }) => `${printable(path)}  ${printable(reason)}`),
    ...list('waiting', report.waiting, ({ path, reason }) => printable(`${path} ${reason}`)),
    ...list('mistakes', report.mistakes, printable),
    ...list('slow', report.slow, ({ pattern, since }) =>
      [`${printable(pattern)}  ${ago(since, nowMs)}`, 'at once again: workspace-sync release <path>'].join('; '),
    ),
    ...list('quarantine', report.quarantine, ({ pattern, signal, since, proposedRule }) =>
      [`${printable(pattern)}  ${signal}, ${ago(since, nowMs)}`, `would settle it: ${printable(proposedRule)}`].join(
        '; ',
      ),
    ),
    ...list('writers', report.writers, writerText),
    row('budget', `${hour.used} of ${hour.limit} commits this hour, ${day.used} of ${day.limit} today`),
    row('last commit', commitText(report.lastCommit, nowMs)),
    row('last push', pushText(report.lastPush, nowMs)),
    row('engine', `${report.engine}, watcher ${report.watcher}, ${Math.round(report.rssBytes / 1024 ** 2)} MB`),
  ]
  return `${lines.join('\n')}\n`
}

/** The same while no daemon runs: what is known of the last one, and how to have one. */
export function notRunningText({ remedy, paused, last }: NotRunning, nowMs: number): string {
  const lines = [
    'running: false',
    ...(last === null ? [] : lastLines(last, nowMs)),
    ...(paused === null ? [] : [row('paused', pausedText(paused))]),
    row('to start it', remedy),
  ]
  return `${lines.join('\n')}\n`
}

function lastLines(last: LastKnown, nowMs: number): readonly string[] {
  const { ended, at, why, lastCommit, lastPush } = last
  const end =
    ended === 'stopped'
      ? row('stopped', `${ago(at, nowMs)} (${printable(why ?? '')})`)
      : row('died', `without a word; last heard of ${ago(at, nowMs)}`)
  return [
    end,
    row('then', thenText(last)),
    row('last commit', commitText(lastCommit, nowMs)),
    row('last push', pushText(lastPush, nowMs)),
  ]
}

/** What has happened since is for the next start to find. */
function thenText({ inSync, pending, held, quarantine, ahead, behind, reason }: LastKnown): string {
  const parts = [
    ...(pending > 0 ? [`${counted(pending, 'path')} pending`] : []),
    ...(held > 0 ? [`${counted(held, 'path')} held`] : []),
    ...(quarantine > 0 ? [`${counted(quarantine, 'pattern')} in quarantine`] : []),
    ...(ahead > 0 ? [`${counted(ahead, 'commit')} to push`] : []),
    ...(behind > 0 ? [`${counted(behind, 'commit')} to get`] : []),
    ...(reason === null ? [] : [printable(reason)]),
  ]
  if (inSync) return 'in sync'
  return parts.length === 0 ? 'not verified to be in sync' : `not in sync: ${parts.join(', ')}`
}

function pausedText({ by, until, remedy }: NonNullable<NotRunning['paused']>): string {
  const end = until === null ? '' : ` until ${until}`
  return `by ${printable(by)}${end}, also after a start; ${remedy} ends it`
}

function row(label: string, text: string): string {
  return `${`${label}:`.padEnd(labelWidth + 1)}${text}`
}

function list<T>(label: string, entries: readonly T[], text: (entry: T) => string): readonly string[] {
  if (entries.length === 0) return []
  const shown = entries.slice(0, shownMax).map((one) => `  ${text(one)}`)
  const more = entries.length > shownMax ? [`  and ${entries.length - shownMax} more`] : []
  return [row(label, String(entries.length)), ...shown, ...more]
}

function stateText({ state, reason }: StatusReport, color: boolean): string {
  const paint = color ? (colorOf[state] ?? plain) : plain
  return reason === null ? paint(state) : `${paint(state)}: ${printable(reason)}`
}

function syncText(report: StatusReport, color: boolean): string {
  if (report.inSync) return color ? green('yes') : 'yes'
  const parts = [
    ...(report.convergenceAgeMs > 0 ? [`the oldest change has waited for ${span(report.convergenceAgeMs)}`] : []),
    ...(report.ahead > 0 ? [`${counted(report.ahead, 'commit')} to push`] : []),
    ...(report.behind > 0 ? [`${counted(report.behind, 'commit')} to get`] : []),
  ]
  return parts.length === 0 ? 'no' : `no, ${parts.join(', ')}`
}

function pushText(lastPush: StatusReport['lastPush'], nowMs: number): string {
  return lastPush === null ? 'none yet' : entry(lastPush, nowMs)
}

function commitText(lastCommit: StatusReport['lastCommit'], nowMs: number): string {
  if (lastCommit === null) return 'none yet'
  const { length } = lastCommit.paths
  return `${entry(lastCommit, nowMs)}, ${counted(length, 'path')}${length < pathsToldMax ? '' : ' or more'}`
}

function entry({ oid, at }: { readonly oid: string; readonly at: string }, nowMs: number): string {
  return `${oid.slice(0, 10)}, ${ago(at, nowMs)}`
}

function writerText({ kind, name, tier, policy }: StatusReport['writers'][number]): string {
  const how = tier === 'T1' ? `declared with run --policy ${policy}` : 'known by the configuration'
  return `${printable(name ?? 'unnamed')}  ${kind}, ${how}`
}

function ago(at: string, nowMs: number): string {
  return `${span(nowMs - Date.parse(at))} ago`
}

function due(dueMs: number): string {
  return dueMs === 0 ? 'due now' : `due in ${span(dueMs)}`
}

function plain(text: string): string {
  return text
}

const green = painter(32)
const yellow = painter(33)
const red = painter(31)
const colorOf: Readonly<Record<string, Paint>> = {
  idle: green,
  paused: yellow,
  offline: yellow,
  conflict: red,
  degraded: red,
}

function painter(code: number): Paint {
  return (text) => `\u001b[${code}m${text}\u001b[0m`
}
