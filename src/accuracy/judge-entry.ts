import { createHash } from 'node:crypto'
import type { Classifier } from '../classify/classify.ts'
import { lookInside } from '../evidence/evidence.ts'
import {
  pathBytes,
  type DiskEntry,
  type Evidence,
  type FileMode,
  type GuardEvidence,
  type Need,
  type Verdict,
  type Writer,
} from '../types.ts'
import type { TraceContent, TraceEntry } from './trace.ts'

/** Nobody was declared: what is left when every look at the processes fails. */
const nobody: Writer = { kind: 'unknown', name: null, tier: null, confidence: 0, policy: null, session: null }

/** Asks every layer as the daemon would about the batch, with the loop breaker at rest. */
export async function judgeEntry(classifier: Classifier, entry: TraceEntry): Promise<Verdict> {
  const path = pathBytes(entry.path)
  const [bytes, baseBytes] = [bytesOf(entry.now), bytesOf(entry.before)]
  const mode = modeOf(entry)
  const disk: DiskEntry | null =
    entry.now === null
      ? null
      : {
          kind: entry.kind,
          executable: entry.executable,
          sizeBytes: sizeOf(entry.now),
          changedAtMs: 0,
          fingerprint: '',
        }
  const guard: GuardEvidence = {
    blob: disk === null ? null : { oid: oidOf(entry.now, bytes), mode, sizeBytes: disk.sizeBytes },
    ...(await lookInside(bytes)),
    whole: true,
    staging: entry.staging,
    massDeletion: false,
    diverged: false,
    acknowledged: false,
  }
  const facts: Required<Pick<Evidence, Need>> = {
    scope: null,
    base: entry.before === null ? null : { mode, oid: oidOf(entry.before, baseBytes) },
    writer: nobody,
    bytes,
    baseBytes,
    growth: null,
    lane: { kind: 'normal' },
    guard,
  }
  const question = classifier.judge(path, disk, 'full', () => 0)
  let answer = question.next()
  while (answer.done !== true) answer = question.next({ path, entry: disk, ...facts })
  return answer.value
}

function bytesOf(content: TraceContent): Uint8Array | null {
  if (typeof content === 'string') return Buffer.from(content)
  return content !== null && 'base64' in content ? Buffer.from(content.base64, 'base64') : null
}

function sizeOf(content: TraceContent): number {
  if (content !== null && typeof content === 'object' && 'sizeBytes' in content) return content.sizeBytes
  return bytesOf(content)?.length ?? 0
}

/** What was recorded by its size only is the same when the size is. */
function oidOf(content: TraceContent, bytes: Uint8Array | null): string {
  if (bytes === null) return sizeOf(content).toString(16).padStart(40, '0')
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function modeOf({ kind, executable }: TraceEntry): FileMode {
  if (kind === 'link') return '120000'
  return executable ? '100755' : '100644'
}
