import type { ScheduleInput } from '../schedule/schedule.ts'
import { pathText, type HeldPath, type PathBytes } from '../types.ts'
import type { Board, Parts } from './board.ts'

/**
 * Tells of paths that are held, each once for a reason: a held path is judged again whenever the index or the tree may
 * have changed. @returns `inputs` as they are.
 */
export function tellHeld(parts: Parts, board: Board, inputs: readonly ScheduleInput[]): readonly ScheduleInput[] {
  const held = inputs.flatMap((input) => {
    if (input.kind === 'held') return input.held
    return input.kind === 'batch-done' ? input.result.held : []
  })
  for (const path of inputs.flatMap(dealtWith)) {
    board.heldTold.delete(path)
    board.leftOut.delete(path)
  }
  const fresh = held.filter(({ path, reason }) => board.heldTold.get(path) !== reason)
  for (const { path, reason } of fresh) board.heldTold.set(path, reason)
  if (fresh.length > 0) parts.report({ kind: 'held', held: fresh.map(forPeople), facts: fresh })
  return inputs
}

function dealtWith(input: ScheduleInput): readonly PathBytes[] {
  if (input.kind === 'settled') return input.paths
  return input.kind === 'batch-done' ? [...(input.result.committed?.paths ?? []), ...input.result.settled] : []
}

function forPeople({ path, reason }: HeldPath): { readonly path: string; readonly reason: string } {
  return { path: pathText(path), reason }
}
