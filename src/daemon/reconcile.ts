import { setImmediate as nextTurn } from 'node:timers/promises'
import { readEntry } from '../evidence/evidence.ts'
import type { ChangeEvent, PathBytes } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { regain } from './regain.ts'

/** Reasons for which nobody can have changed what git ignores without our noticing. */
export const indexChanged = 'the index changed'

/** Between two turns of the loop. */
const entriesInARow = 500

/**
 * The truth about the whole tree: what git says differs from HEAD, as if a watcher had told of it just now.
 * @param known pending or held, looked at too: what is as at HEAD by now, or ignored, is neither any longer
 */
export async function reconcile(
  parts: Parts,
  board: Board,
  reason: string,
  known: readonly { readonly path: PathBytes }[],
): Promise<readonly ChangeEvent[]> {
  const startedMs = parts.clock.monotonicMs()
  if (reason !== indexChanged && (await parts.ignores.refresh())) {
    board.dealt.clear()
    await parts.source.rewatch()
  }
  // `git status` passes over a branch that is broken.
  const { oid } = await parts.engine.head()
  await regain(parts, oid)
  const paths = new Set([...(await parts.engine.changedPaths()), ...known.map(({ path }) => path)])
  const nowMs = parts.clock.nowMs()
  const events: ChangeEvent[] = []
  for (const path of paths) {
    const entry = entryOrNull(parts, path)
    // It changed when it changed, not when it was found; but no later than now, for a clock may have been set back.
    events.push({ path, atMs: Math.min(nowMs, entry?.changedAtMs ?? nowMs), entry })
    if (events.length % entriesInARow === 0) await nextTurn()
  }
  board.counters.reconciles += 1
  parts.report({ kind: 'reconciled', reason, paths: paths.size, tookMs: parts.clock.monotonicMs() - startedMs })
  return events
}

/** An entry that cannot be looked at is looked at again, and told, where its path is judged. */
function entryOrNull(parts: Parts, path: PathBytes): ChangeEvent['entry'] {
  try {
    return readEntry(parts.engine.repository.root, path)
  } catch {
    return null
  }
}
