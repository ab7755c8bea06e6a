import type { Classifier } from '../classify/classify.ts'
import type { DiskEntry, Evidence, Need, PathBytes, Verdict } from '../types.ts'

/** Adds one kind of facts to what is known about a path. */
export type Gather = (need: Need, evidence: Evidence) => Promise<Evidence>

/**
 * Asks the classifier about a path, gathering each fact when, and only when, a layer wants it. The verdict comes
 * without the bytes that it rests on: those of a large batch would fill the memory.
 */
export async function judge(
  classifier: Classifier,
  path: PathBytes,
  entry: DiskEntry | null,
  depth: 'early' | 'full',
  gather: Gather,
): Promise<Verdict> {
  const question = classifier.judge(path, entry, depth, micros)
  let evidence: Evidence = { path, entry }
  let step = question.next()
  while (step.done !== true) {
    evidence = await gather(step.value, evidence)
    step = question.next(evidence)
  }
  const { bytes: _bytes, baseBytes: _base, growth: _growth, ...kept } = step.value.evidence
  return { ...step.value, evidence: kept }
}

function micros(): number {
  return performance.now() * 1_000
}
