import type { CommitPlan, Evidence, Oid, PathBytes, PlanEntry, Verdict } from '../types.ts'
import { commitMessage } from './message.ts'
import type { Signature } from './message.ts'

export type PlanResult =
  | { readonly kind: 'plan'; readonly plan: CommitPlan }
  | { readonly kind: 'refusal'; readonly reason: 'detached' | 'nothing' }

interface Place {
  readonly ref: string | null
  readonly base: Oid | null
}

/**
 * One commit from verdicts. Only `sync` counts, only the blob that the guard saw is committed, and a path that is as
 * at the base changes nothing.
 */
export function planCommit(id: string, place: Place, verdicts: readonly Verdict[], signature: Signature): PlanResult {
  if (place.ref === null) return { kind: 'refusal', reason: 'detached' }
  const byPath = new Map<PathBytes, PlanEntry>()
  for (const { path, decision, evidence } of verdicts) {
    const entry = decision === 'sync' ? entryOf(evidence) : null
    if (entry !== null) byPath.set(path, entry)
  }
  const entries = [...byPath.values()].toSorted(byBytes)
  if (entries.length === 0) return { kind: 'refusal', reason: 'nothing' }
  const message = (left: readonly PlanEntry[]): string => commitMessage(left, { ...signature, id })
  return { kind: 'plan', plan: { id, ref: place.ref, base: place.base, entries, message } }
}

function entryOf(evidence: Evidence): PlanEntry | null {
  const { path, base, guard } = evidence
  // Without the guard's evidence nothing is known about the blob: then nothing is committed.
  if (guard === undefined) return null
  if (guard.blob === null) return base === null ? null : { path, mode: null, oid: null }
  const { mode, oid } = guard.blob
  return base?.mode === mode && base.oid === oid ? null : { path, mode, oid }
}

function byBytes(a: PlanEntry, b: PlanEntry): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}
