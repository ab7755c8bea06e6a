import { keptSides } from '../integrate/integrate.ts'
import { replaceRemote } from '../push/push.ts'
import type { Pause } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { secretOnTheWay } from './outgoing.ts'
import { followed, lastTip, seenTip } from './remote-tips.ts'
import { foreignCommits, foreignProblem, stillRewritten, type Refusal } from './rewritten.ts'

/**
 * Puts this branch in the place of the remote's, once: a person said which history counts.
 * @param discard begins the id of the remote's tip, where that has commits that this branch never had
 * @returns why not; null: the remote has it
 */
export async function replace(
  parts: Parts,
  board: Board,
  discard: string | null,
  doubt: () => void,
): Promise<Refusal | null> {
  return board.commits.run(async () => {
    const { engine } = parts
    const paused = parts.pause.current()
    if (paused !== null) return refusalOf(paused)
    const { ref, oid } = await engine.head()
    const rewritten = await stillRewritten(engine, board.rewritten, oid)
    if (rewritten === null || ref === null || oid === null || rewritten.head !== oid) return nothingToReplace
    if (!parts.pushEnabled) return doesNotPush
    const branch = await followed(parts, ref)
    const elsewhere = branch.upstream?.elsewhere ?? null
    if (elsewhere !== null) return { problem: `${elsewhere.what}; nothing was replaced`, remedy: elsewhere.remedy }
    const { tip } = rewritten
    if (tip !== null) {
      const foreign = await foreignCommits(engine, ref, { head: oid, tip, had: lastTip(parts, branch) })
      const isMeant = foreign.length === 0 || (discard !== null && tip.startsWith(discard))
      if (!isMeant) return foreignProblem(engine, foreign, tip)
      const kept = await keptSides.keepReplaced(engine, tip)
      if (kept !== null)
        return { problem: `the remote's history could not be kept here: ${kept.detail}`, remedy: kept.hint }
    }
    const secret = await secretOnTheWay(parts, board, branch, oid)
    if (secret !== null) return { problem: secret.detail, remedy: secret.hint }
    const outcome = await replaceRemote(engine, ref, oid, tip)
    if (outcome.kind === 'behind') {
      // Asked anew, with what is there now.
      board.rewritten = null
      doubt()
      return movedOn
    }
    if (outcome.kind === 'failed') return { problem: outcome.failure.detail, remedy: outcome.failure.hint }
    board.rewritten = null
    board.counters.pushes += 1
    board.lastPush = { oid, atMs: parts.clock.nowMs() }
    seenTip(parts, branch, oid)
    const what =
      tip === null ? `made again: ${oid}` : `replaced: ${tip} (kept here on ${keptSides.replacedRef(tip)}) by ${oid}`
    parts.report({ kind: 'notice', text: `the remote's branch was ${what}` })
    doubt()
    return null
  })
}

function refusalOf({ detail, remedy = '' }: Pause): Refusal {
  return { problem: `${detail.replace(`; ${remedy}`, '')}; nothing was replaced`, remedy }
}

const nothingToReplace: Refusal = {
  problem: 'no rewritten history waits for a word; nothing was replaced',
  remedy: 'workspace-sync status says what does',
}
const doesNotPush: Refusal = {
  problem: 'this daemon does not push',
  remedy: 'restart it without --no-push, and with push.enabled',
}
const movedOn: Refusal = {
  problem: 'the remote moved on meanwhile; nothing was replaced',
  remedy: 'look at what is there now (git log HEAD..@{upstream}), then say it again',
}
