import type { ControlHandlers } from '../control/control.ts'
import { withWord } from './acknowledged.ts'
import type { Board, Parts } from './board.ts'
import { written } from './failure.ts'
import type { Pipeline } from './pipeline.ts'

/** What the daemon does at `ack`: keeps the word, reads rules and settings again, and looks at what was held. */
export function ackHandlers(
  { state, live }: Parts,
  board: Board,
  pipeline: Pipeline,
  told: () => void,
): Pick<ControlHandlers, 'ack'> {
  return {
    async ack(word) {
      written(() => state.update(withWord(state.value, word)))
      // What is held was dealt with.
      board.dealt.clear()
      await live.reload()
      pipeline.tell({ kind: 'reconcile-wanted', reason: 'acknowledged' })
      pipeline.tell({ kind: 'circumstances' })
      pipeline.doubt()
      told()
      return {}
    },
  }
}
