import type { Classifier } from '../classify/classify.ts'
import { pathBytes, type DiskEntry, type Evidence, type Need, type Writer } from '../types.ts'
import { rowOf, sampled, type BenchmarkRow, type Sampling } from './measure.ts'

const documentItems = 1_120

/** Layer 3 on a document of 222 KB whose volatile members alone differ, beside parsing the same two versions. */
export async function measureContent(classifier: Classifier, sampling: Sampling): Promise<BenchmarkRow> {
  const before = jsonDocument(documentItems, '2026-11-20T10:00:00Z')
  // Another version each time: what is remembered of the last one must not help.
  const versions = Array.from({ length: sampling.samplesMax }, (_, run) => {
    return jsonDocument(documentItems, `2026-11-20T10:00:${run + 1}Z`)
  })
  let run = 0
  const [ours = [], parse = []] = await sampled(
    sampling,
    () => {
      const now = versions[run++ % versions.length] ?? before
      return judgedContent(classifier, before, now, run)
    },
    () => [before, versions[0] ?? before].map((bytes) => JSON.parse(bytes.toString('utf8')) as unknown),
  )
  const what = {
    layer: 'content',
    name: `JSON of ${Math.round(before.length / 1_000)} KB, verdict`,
    unit: 'ms',
  } as const
  return rowOf(what, ours, 1, { name: 'JSON.parse of both versions', times: parse, count: 1 })
}

/** A document with a volatile member every two hundred bytes, indented as programs write them. */
export function jsonDocument(items: number, at: string): Buffer {
  const entries = Array.from({ length: items }, (_, id) => ({
    id,
    name: `entry ${id}`,
    lastUpdate: at,
    state: { ok: id % 3 === 0, load: id / 7, tags: ['a', 'b'] },
    note: 'x'.repeat(id % 17),
  }))
  return Buffer.from(JSON.stringify({ timestamp: at, entries }, null, 1))
}

const nobody: Writer = { kind: 'unknown', name: null, tier: null, confidence: 0, policy: null, session: null }

function judgedContent(classifier: Classifier, before: Buffer, now: Buffer, run: number): string {
  const entry: DiskEntry = {
    kind: 'file',
    executable: false,
    sizeBytes: now.length,
    changedAtMs: 0,
    fingerprint: `${run}`,
  }
  const facts: Required<Pick<Evidence, Exclude<Need, 'guard'>>> = {
    scope: null,
    base: { mode: '100644', oid: run.toString(16).padStart(40, '0') },
    writer: nobody,
    bytes: now,
    baseBytes: before,
    growth: null,
    lane: { kind: 'normal' },
  }
  const path = pathBytes('state.json')
  const question = classifier.judge(path, entry, 'early', () => 0)
  let answer = question.next()
  while (answer.done !== true) answer = question.next({ path, entry, ...facts })
  return answer.value.decision
}
