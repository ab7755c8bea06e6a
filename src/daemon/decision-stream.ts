import { compileRules } from '../classify/classify.ts'
import type { ToldDecision } from '../control/control.ts'
import { SyncError } from '../errors.ts'
import type { Report } from '../report/report.ts'
import type { PathBytes } from '../types.ts'

/** Whoever wants to hear every report beside log and journal. */
export class Listeners {
  readonly #all = new Set<(report: Report) => void>()

  tell(report: Report): void {
    for (const listener of this.#all) listener(report)
  }

  add(listener: (report: Report) => void): () => void {
    this.#all.add(listener)
    return () => void this.#all.delete(listener)
  }
}

/**
 * @param globs in the dialect of rules; each also covers what is below it; none: everything
 * @throws SyncError `usage` for one that cannot be understood
 */
export function decisionsFor(
  globs: readonly string[],
  nowMs: () => number,
  tell: (decision: ToldDecision) => void,
): (report: Report) => void {
  const covers = coverOf(globs)
  return (report) => {
    if (report.kind !== 'decided') return
    const { decision, layer, reason, facts } = report
    const { path, rule, writer, tookMs, provisional } = facts
    if (!covers(path)) return
    tell({
      atMs: nowMs(),
      path,
      verdict: decision,
      provisional,
      layer,
      reason,
      class: facts.class,
      rule: rule === null ? null : { action: rule.action, glob: rule.glob, source: rule.source, line: rule.line },
      writer: writer === null ? null : { kind: writer.kind, name: writer.name, tier: writer.tier },
      tookMs,
    })
  }
}

function coverOf(globs: readonly string[]): (path: PathBytes) => boolean {
  if (globs.length === 0) return () => true
  const lines = globs.flatMap((glob) => {
    const escaped = glob.replaceAll(':', '\\:')
    return /[*/]$/.test(glob) ? [`ALLOW:${escaped}:`] : [`ALLOW:${escaped}:`, `ALLOW:${escaped}/:`]
  })
  const file = { level: 'user', source: 'the filter', text: lines.join('\n') } as const
  const { rules, mistakes } = compileRules([file], 'ANALYZE')
  const [mistake] = mistakes
  if (mistake !== undefined) throw new SyncError('usage', mistake.problem, mistake.remedy)
  return (path) => rules.match(path).rule !== null
}
