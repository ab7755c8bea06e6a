import { pathText } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { isListed } from './conditions.ts'
import { hostsOf } from './hosts.ts'
import { recovered } from './recovered.ts'
import { undo, type UndoAnswer } from './undo.ts'

/** An undo by the daemon, between two batches; HEAD has then moved, and everything is looked at as after any commit. */
export function undoHandler(parts: Parts, board: Board, ring: () => void) {
  return ({ commit }: { readonly commit: string | null }): Promise<UndoAnswer> =>
    board.commits.run(async () => {
      const obstacle = await obstacleOf(parts)
      if (obstacle !== null) return obstacle
      const open = await recovered(parts)
      if (open !== null) return { kind: 'refused', isUsage: false, problem: open.detail, hint: open.hint }
      board.committing = true
      const startedMs = parts.clock.monotonicMs()
      try {
        const { engine, clock, journal, ownWrites, config, state } = parts
        const hosts = hostsOf(config, state.value.cloneId)
        const id = parts.random.hex(16)
        const note = (undoing: string | null): void => state.update({ undoing })
        const answer = await undo({ engine, clock, journal, ownWrites, id, note, hosts }, commit, false)
        if (answer.kind === 'undone' && answer.commit !== null) {
          const paths = answer.paths.map(({ path }) => path)
          const names = paths.map(pathText)
          const tookMs = clock.monotonicMs() - startedMs
          const facts = { id, writer: 'human', paths }
          board.counters.commits += 1
          board.lastCommit = { oid: answer.commit, atMs: clock.nowMs(), paths: names }
          parts.report({ kind: 'committed', oid: answer.commit, paths: names, trigger: 'asked', tookMs, facts })
        }
        return answer
      } finally {
        board.committing = false
        ring()
      }
    })
}

async function obstacleOf(parts: Parts): Promise<UndoAnswer | null> {
  const refused = (problem: string, hint: string): UndoAnswer => ({ kind: 'refused', isUsage: false, problem, hint })
  const paused = parts.pause.current()
  if (paused !== null)
    return refused(`paused: ${paused.detail}`, 'workspace-sync resume ends the pause; then try again')
  const { ref } = await parts.engine.head()
  if (ref === null || isListed(parts, ref)) return null
  return refused(`branch ${ref.replace(/^refs\/heads\//, '')} is not synced`, 'switch to one that is')
}
