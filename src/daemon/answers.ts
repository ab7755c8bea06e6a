import type { FlushResult } from '../schedule/schedule.ts'

/** Who waits for which flush. The schedule bounds how many may. */
export interface Answers {
  /** @param send asks for the flush of this number. */
  ask(send: (id: number) => void): Promise<FlushResult>
  give(id: number, result: FlushResult): void
}

/**
 * @param settled resolves when git's index shows what was committed. A push is quicker where there are many files: to
 * who looks at once, all of them would seem to be changed still.
 */
export function createAnswers(settled: () => Promise<unknown>): Answers {
  const waiting = new Map<number, (result: FlushResult) => void>()
  let id = 0
  return {
    async ask(send) {
      id += 1
      const answer = new Promise<FlushResult>((resolve) => waiting.set(id, resolve))
      send(id)
      const result = await answer
      await settled()
      return result
    },
    give(given, result) {
      waiting.get(given)?.(result)
      waiting.delete(given)
    },
  }
}
