import type {
  ContentFinding,
  Decision,
  Failure,
  HeldPath,
  Oid,
  PaceClass,
  PathBytes,
  Pause,
  Rule,
  Trigger,
  Verdict,
  Writer,
} from '../types.ts'

/** What a decision rests on. Names, numbers and findings; never the bytes that were judged. */
export interface DecisionFacts {
  readonly path: PathBytes
  readonly class: PaceClass
  readonly rule: Rule | null
  /** null: no layer asked for it. */
  readonly writer: Writer | null
  readonly content: ContentFinding | null
  readonly tookMs: number
  /** The guard has not been asked: that comes with the commit. */
  readonly provisional: boolean
}

/** `facts` are for programs: the log leaves them out. */
export type Report =
  | {
      readonly kind: 'started'
      readonly workspace: string
      readonly branch: string | null
      readonly remote: string | null
    }
  | {
      readonly kind: 'decided'
      readonly path: string
      readonly decision: Decision
      readonly layer: Verdict['layer']
      readonly reason: string
      readonly facts: DecisionFacts
    }
  | {
      readonly kind: 'committed'
      readonly oid: Oid
      readonly paths: readonly string[]
      readonly trigger: Trigger
      readonly tookMs: number
      readonly facts: { readonly id: string; readonly writer: string | null; readonly paths: readonly PathBytes[] }
    }
  | { readonly kind: 'would-commit'; readonly paths: readonly string[] }
  | {
      readonly kind: 'integrated'
      readonly oid: Oid
      readonly tip: Oid
      readonly paths: number
      /** Of which the remote's side counts and ours is kept. */
      readonly conflicts: readonly string[]
      readonly diverged: readonly { readonly path: string; readonly reason: string }[]
      readonly tookMs: number
    }
  | { readonly kind: 'pushed'; readonly oid: Oid; readonly tookMs: number }
  | {
      readonly kind: 'held'
      readonly held: readonly { readonly path: string; readonly reason: string }[]
      readonly facts: readonly HeldPath[]
    }
  | {
      readonly kind: 'failed'
      readonly what: 'commit' | 'push' | 'verify' | 'reconcile' | 'save'
      readonly failure: Failure
    }
  | { readonly kind: 'paused'; readonly pause: Pause }
  | { readonly kind: 'resumed'; readonly name: string }
  | { readonly kind: 'degraded'; readonly reason: string; readonly remedy: string }
  | { readonly kind: 'reconciled'; readonly reason: string; readonly paths: number; readonly tookMs: number }
  /** What somebody should hear; `news` only says how it goes on. */
  | { readonly kind: 'notice' | 'news'; readonly text: string }
  | { readonly kind: 'stopped'; readonly reason: string }

export type Reporter = (report: Report) => void

export type ReportLevel = 'debug' | 'info' | 'warn'

/** Names in one line; more than this many are counted. */
const namesShown = 5

/** How loud a report is, and its one line for people. Never the content of a file. */
export function describe(report: Report): { readonly level: ReportLevel; readonly text: string } {
  switch (report.kind) {
    case 'started':
      return info(`watching ${report.workspace} (branch ${report.branch ?? 'none'}, remote ${report.remote ?? 'none'})`)
    case 'decided':
      return { level: 'debug', text: `${report.decision} ${report.path}: ${report.layer}: ${report.reason}` }
    case 'committed':
      return info(`committed ${short(report.oid)}: ${names(report.paths)} (${Math.round(report.tookMs)} ms)`)
    case 'would-commit':
      return info(`would commit ${names(report.paths)}`)
    case 'pushed':
      return info(`pushed ${short(report.oid)} (${Math.round(report.tookMs)} ms)`)
    case 'integrated':
      return integratedText(report)
    case 'held':
      return warn(heldPaths(report.held))
    case 'failed':
      return warn(`${report.what} failed: ${report.failure.name}: ${report.failure.detail}. ${report.failure.hint}`)
    case 'paused':
      return ofPause(report.pause.name, warn(`paused: ${report.pause.name}: ${report.pause.detail}`))
    case 'resumed':
      return ofPause(report.name, info(`resumed: ${report.name} is over`))
    case 'degraded':
      return warn(`degraded: ${report.reason}. ${report.remedy}`)
    case 'reconciled':
      return {
        level: 'debug',
        text: `reconciled (${report.reason}): ${report.paths} paths (${Math.round(report.tookMs)} ms)`,
      }
    case 'notice':
      return warn(report.text)
    case 'news':
      return info(report.text)
    case 'stopped':
      return info(`stopped: ${report.reason}`)
  }
}

function integratedText(report: Extract<Report, { kind: 'integrated' }>): ReturnType<typeof describe> {
  const { oid, tip, paths, conflicts, diverged, tookMs } = report
  const what = oid === tip ? `took over ${short(tip)}` : `merged ${short(tip)} as ${short(oid)}`
  const text = `${what}: ${paths} paths (${Math.round(tookMs)} ms)`
  const told = [
    ...(conflicts.length > 0 ? [`both sides kept of ${names(conflicts)}: see workspace-sync conflicts list`] : []),
    ...(diverged.length > 0 ? [heldPaths(diverged)] : []),
  ]
  return told.length === 0 ? info(text) : warn([text, ...told].join('; '))
}

/** Every start begins with a look at the tree, which is over in a moment. */
function ofPause(name: string, told: ReturnType<typeof describe>): ReturnType<typeof describe> {
  return name === 'first-look' ? { ...told, level: 'debug' } : told
}

function info(text: string): { readonly level: ReportLevel; readonly text: string } {
  return { level: 'info', text }
}

function warn(text: string): { readonly level: ReportLevel; readonly text: string } {
  return { level: 'warn', text }
}

function short(oid: Oid): string {
  return oid.slice(0, 10)
}

function names(paths: readonly string[]): string {
  const shown = paths.slice(0, namesShown).map(quoted)
  const rest = paths.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

/** A name with spaces, quotes or control characters must not be able to fake a line of its own. */
function quoted(path: string): string {
  return /[\s"\\\p{C}]/u.test(path) ? JSON.stringify(path) : path
}

function heldPaths(held: readonly { readonly path: string; readonly reason: string }[]): string {
  const shown = held.slice(0, namesShown).map(({ path, reason }) => `held ${quoted(path)}: ${reason}`)
  const rest = held.length - shown.length
  return [...shown, ...(rest > 0 ? [`held ${rest} more: see workspace-sync status`] : [])].join('; ')
}
