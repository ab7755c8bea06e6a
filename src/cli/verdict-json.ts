import type { DryVerdict } from '../daemon/daemon.ts'
import { pathBytes, pathText } from '../types.ts'

/** `test-filter --json`: one object a path. */
export function verdictJson({ verdict, match }: DryVerdict): unknown {
  const { path, decision, layer, content, evidence, trail } = verdict
  const text = pathText(path)
  const { rule } = match
  const { writer } = evidence
  return {
    path: text,
    ...(pathBytes(text) === path ? {} : { pathBase64: Buffer.from(path, 'latin1').toString('base64') }),
    verdict: decision,
    layer,
    rule:
      rule === null
        ? null
        : { action: rule.action, glob: rule.glob, reason: rule.reason, source: rule.source, line: rule.line },
    writer:
      writer === undefined
        ? null
        : { kind: writer.kind, name: writer.name, tier: writer.tier, confidence: writer.confidence },
    content: content === null ? null : { format: content.format, changed: content.changed, volatile: content.volatile },
    class: verdict.class,
    trail: trail.map((step) => ({ ...step, micros: Math.round(step.micros) })),
    micros: Math.round(trail.reduce((sum, { micros }) => sum + micros, 0)),
  }
}
