/** What the demo says: a line for each thing that happens, and a summary. */
import type { DemoEvent, DemoResult, FileFate } from '../../demo/demo.ts'
import { describe, type Report } from '../../report/report.ts'
import { counted, printable } from '../printable.ts'

const width = 80
const indent = ' '.repeat(16)

const colors = { synced: 32, blocked: 33, slowed: 33, held: 31, trouble: 31 } as const
type Mark = keyof typeof colors

const firstLook = 'first-look'

/** The lines for one event; none for what was told before. */
export type Narration = (event: DemoEvent, sinceStartMs: number) => readonly string[]

/** @param isColored only for a terminal. */
export function createNarration(isColored: boolean): Narration {
  const told = new Set<string>()
  const once = (key: string, lines: () => readonly string[]): readonly string[] => {
    if (told.has(key)) return []
    told.add(key)
    return lines()
  }
  const line = (sinceMs: number, label: string, text: string): readonly string[] => {
    const [first = '', ...rest] = wrapped(printable(text), width - indent.length)
    const isMark = Object.hasOwn(colors, label)
    const shown = isMark && isColored ? `\u001b[${colors[label as Mark]}m${label.padEnd(8)}\u001b[0m` : label.padEnd(8)
    return [`${(sinceMs / 1_000).toFixed(1).padStart(5)} s ${shown} ${first}`, ...rest.map((more) => indent + more)]
  }
  const trouble = (report: Report, sinceMs: number) => line(sinceMs, 'trouble', describe(report).text)
  const ofReport = (report: Report, sinceMs: number): readonly string[] => {
    switch (report.kind) {
      case 'decided': {
        const { decision, layer, path, reason } = report
        if (decision === 'block') {
          return once(`blocked ${path}`, () => line(sinceMs, 'blocked', `${path} (${layer}: ${reason})`))
        }
        if (decision !== 'sync' || layer !== 'breaker') return []
        return once(`slowed ${path}`, () => line(sinceMs, 'slowed', reason))
      }
      case 'held':
        return report.held.flatMap(({ path, reason }) => line(sinceMs, 'held', `${path} ${reason}`))
      case 'committed':
        return line(sinceMs, 'commit', `${report.oid.slice(0, 10)}: ${report.paths.join(', ')}`)
      case 'started':
      case 'stopped':
      case 'pushed':
      case 'integrated':
      case 'reconciled':
      case 'would-commit':
      case 'news':
        return []
      case 'paused':
        // Every start begins with it.
        return report.pause.name === firstLook ? [] : trouble(report, sinceMs)
      case 'resumed':
        return report.name === firstLook ? [] : trouble(report, sinceMs)
      case 'failed':
      case 'degraded':
      case 'notice':
        return trouble(report, sinceMs)
    }
  }
  return (event, sinceMs) => {
    switch (event.kind) {
      case 'ready':
        return [
          ...line(sinceMs, 'monitor', 'rewrites state/monitor.json every second: a heartbeat, nothing new in it'),
          ...line(sinceMs, 'indexer', 'rewrites state/index.txt after each commit that it sees, and logs it'),
        ]
      case 'act':
        return line(sinceMs, event.act.who, `${event.act.does}: ${event.act.path}`)
      case 'indexed':
        return line(sinceMs, 'indexer', `has seen a commit and writes again (${ordinal(event.run)} time)`)
      case 'reached':
        return line(sinceMs, 'synced', `${event.path} is on the remote, ${seconds(event.delayMs)} after the save`)
      case 'report':
        return ofReport(event.report, sinceMs)
    }
  }
}

export function demoOpening(sets: readonly string[]): string {
  const text =
    'workspace-sync keeps a git work tree in step with its remote while people and programs write in it. What ' +
    'follows is real: a scratch workspace, a remote of its own, and the daemon as it ships, but for shorter quiet ' +
    `periods (${sets.join(', ')}). It takes about 40 seconds; Ctrl-C ends it.`
  const legend =
    'A line begins with who does something (person, editor, monitor, indexer), or with what the daemon made of it ' +
    '(commit, synced, blocked, slowed, held).'
  return [...wrapped(text, width), '', ...wrapped(legend, width), '', ''].join('\n')
}

export function demoSummary(result: DemoResult, isNpmStart: boolean): string {
  const { files, commits } = result
  const reached = files.filter((file) => file.commits > 0)
  const stayed = files.filter((file) => file.state !== 'synced')
  const widest = Math.max(0, ...files.map(({ path }) => printable(path).length)) + 2
  const programs = files.filter(({ by }) => by === 'program')
  const names = new Set(programs.map(({ path }) => path))
  const writes = programs.reduce((sum, file) => sum + file.writes, 0)
  const machineOnly = commits.filter(({ paths }) => paths.every((path) => names.has(path))).length
  return [
    '',
    ...(result.isComplete ? [] : ['Stopped before its end. So far:', '']),
    'What the remote has (asked of the remote itself)',
    ...(reached.length === 0 ? ['  nothing new'] : reached.map((file) => row(file.path, widest, sentAs(file)))).flat(),
    '',
    'What stayed here, and why',
    ...(stayed.length === 0 ? ['  nothing'] : stayed.map((file) => row(file.path, widest, keptAs(file)))).flat(),
    '',
    ...wrapped(
      `The two programs wrote ${counted(writes, 'time')} in ${seconds(result.tookMs)}. The remote got ` +
        `${counted(commits.length, 'commit')}, of which ${machineOnly} hold nothing but what programs wrote.`,
      width,
    ),
    '',
    result.kept === null ? 'Everything of this demo is removed again.' : `It all lies in ${printable(result.kept)}`,
    ...nextSteps(isNpmStart),
  ].join('\n')
}

function nextSteps(isNpmStart: boolean): readonly string[] {
  const [start, note] = isNpmStart
    ? ['npm start -- -C <workspace>', '`npm link` makes `workspace-sync` a command of its own.']
    : ['workspace-sync start -C <workspace>', '`workspace-sync status -C <workspace>` then says how it goes.']
  return ['', 'Now your own, any git work tree whose branch has an upstream:', '', `  ${start}`, '', note]
}

function sentAs({ commits, writes, by }: FileFate): string {
  return `${counted(commits, 'commit')} for ${counted(writes, by === 'person' ? 'save' : 'write')}`
}

function keptAs({ state, reason, writes }: FileFate): string {
  const why = reason === '' ? '' : `: ${printable(reason)}`
  switch (state) {
    case 'slow':
      return `its newest version waits${why}`
    case 'waiting':
      return 'not there yet when this ended'
    case 'blocked':
    case 'held':
    case 'synced':
      return `${state}, ${counted(writes, 'write')}${why}`
  }
}

function row(path: string, widest: number, text: string): readonly string[] {
  const [first = '', ...rest] = wrapped(text, width - widest - 2)
  return [`  ${printable(path).padEnd(widest)}${first}`, ...rest.map((more) => ' '.repeat(widest + 2) + more)]
}

function ordinal(count: number): string {
  const ending = ['th', 'st', 'nd', 'rd'][count % 100 > 10 && count % 100 < 14 ? 0 : count % 10] ?? 'th'
  return `${count}${ending}`
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`
}

/** Broken at spaces; a word that is longer stays whole. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
