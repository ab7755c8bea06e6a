import type { FlushResult } from '../schedule/schedule.ts'
import { pathText } from '../types.ts'
import type { Context } from './context.ts'
import { exitCode } from './exit-code.ts'
import { committedOnly, heldPaths, synced, syncProblem, whatItWaitsFor } from './messages.ts'

/**
 * Tells what became of a sync that was asked for.
 * @param isPushed false: whoever asked did not want it pushed
 * @returns the exit code: a problem weighs more than a held path
 */
export function answerSync(context: Context, result: FlushResult, isPushed = true): number {
  const held = result.held.map(({ path, reason }) => ({ path: pathText(path), reason }))
  const { ok, problem, remedy = problem === null ? null : whatItWaitsFor } = result
  if (context.json) context.answer({ ok, held, problem, remedy }, '')
  else {
    if (held.length > 0) context.err(heldPaths(held))
    if (problem !== null) context.err(syncProblem(problem, remedy ?? whatItWaitsFor))
    else {
      const done = isPushed ? synced : committedOnly
      context.answer(null, held.length === 0 ? done : `${done}, but for what is held`)
    }
  }
  if (problem !== null) return exitCode.failed
  if (held.length > 0) return exitCode.hold
  return ok ? exitCode.done : exitCode.failed
}
