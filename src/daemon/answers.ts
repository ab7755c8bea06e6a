import type { FlushResult } from '../schedule/schedule.ts'

/** Who waits for which flush. The schedule bounds how many may. */
export interface Answers {
  /** @param send asks for the flush of this number. */
  ask(send: (id: number) => void): Promise<FlushResult>
  give(id: number, result: FlushResult): void
}

export function createAnswers(): Answers {
  const waiting = new Map<number, (result: FlushResult) => void>()
  let id = 0
  return {
    ask(send) {
      id += 1
      const answer = new Promise<FlushResult>((resolve) => waiting.set(id, resolve))
      send(id)
      return answer
    },
    give(given, result) {
      waiting.get(given)?.(result)
      waiting.delete(given)
    },
  }
}
