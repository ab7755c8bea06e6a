import { readEntry } from '../evidence/evidence.ts'
import type { ChangeEvent } from '../types.ts'
import type { Board, Parts } from './board.ts'

/** The truth about the whole tree: what git says differs from HEAD, as if a watcher had told of it just now. */
export async function reconcile(parts: Parts, board: Board, reason: string): Promise<readonly ChangeEvent[]> {
  const startedMs = parts.clock.monotonicMs()
  const paths = await parts.engine.changedPaths()
  const atMs = parts.clock.nowMs()
  const events = paths.map((path) => ({ path, atMs, entry: entryOrNull(parts, path) }))
  board.counters.reconciles += 1
  parts.report({ kind: 'reconciled', reason, paths: paths.length, tookMs: parts.clock.monotonicMs() - startedMs })
  return events
}

/** An entry that cannot be looked at is looked at again, and told, where its path is judged. */
function entryOrNull(parts: Parts, path: ChangeEvent['path']): ChangeEvent['entry'] {
  try {
    return readEntry(parts.engine.repository.root, path)
  } catch {
    return null
  }
}
