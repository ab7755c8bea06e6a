import { replaceRemote } from '../push/push.ts'
import type { Board, Parts } from './board.ts'
import { seenTip } from './remote-tips.ts'

/**
 * Puts this branch in the place of the remote's, once: a person said which history counts.
 * @returns why not; null: the remote has it
 */
export async function replace(parts: Parts, board: Board, doubt: () => void): Promise<string | null> {
  return board.commits.run(async () => {
    const { engine } = parts
    const { rewritten } = board
    const { ref, oid } = await engine.head()
    if (rewritten === null || ref === null || oid === null || rewritten.head !== oid) return nothingToReplace
    if (!parts.pushEnabled) return 'this daemon does not push'
    const outcome = await replaceRemote(engine, ref, oid, rewritten.tip)
    if (outcome.kind === 'behind') {
      // Asked anew, with what is there now.
      board.rewritten = null
      doubt()
      return movedOn
    }
    if (outcome.kind === 'failed') return `${outcome.failure.detail}; ${outcome.failure.hint}`
    board.rewritten = null
    board.counters.pushes += 1
    board.lastPush = { oid, atMs: parts.clock.nowMs() }
    seenTip(parts, ref, oid)
    const what = rewritten.tip === null ? `made again: ${oid}` : `replaced: ${rewritten.tip} by ${oid}`
    parts.report({ kind: 'notice', text: `the remote's branch was ${what}` })
    doubt()
    return null
  })
}

const nothingToReplace =
  'no rewritten history waits for a word: workspace-sync status says what does; nothing was replaced'
const movedOn = 'the remote moved on meanwhile: look at what is there now, then say it again; nothing was replaced'
