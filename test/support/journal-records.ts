import type { DecisionRecord, OutcomeRecord } from '../../src/journal/journal.ts'
import { pathBytes } from '../../src/types.ts'

/** A whole decision; a test changes what it is about. */
export function decisionOn(path: string, changed: Partial<DecisionRecord> = {}): DecisionRecord {
  const atMs = changed.atMs ?? 1_000
  return {
    kind: 'decision',
    path: pathBytes(path),
    sinceMs: atMs,
    atMs,
    count: 1,
    verdict: 'block',
    provisional: false,
    layer: 'rules',
    reason: 'BLOCK state/**, my.rules:1',
    class: 'default',
    rule: null,
    writer: null,
    content: null,
    tookMs: 0.1,
    commit: null,
    ...changed,
  }
}

export function outcomeOf(what: OutcomeRecord['what'], changed: Partial<OutcomeRecord> = {}): OutcomeRecord {
  return { kind: 'outcome', what, name: null, oid: null, sinceMs: 1_000, atMs: 1_000, count: 1, ...changed }
}
