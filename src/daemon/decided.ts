import type { Report } from '../report/report.ts'
import { pathText, type Verdict } from '../types.ts'

/** The report of a verdict: what of it may be told and kept. */
export function decided(verdict: Verdict): Report {
  const { path, decision, layer, reason, rule, content, evidence, trail } = verdict
  const tookMs = trail.reduce((sum, { micros }) => sum + micros, 0) / 1_000
  const provisional = decision === 'sync' && evidence.guard === undefined
  const facts = { path, class: verdict.class, rule, writer: evidence.writer ?? null, content, tookMs, provisional }
  return { kind: 'decided', path: pathText(path), decision, layer, reason, facts }
}
