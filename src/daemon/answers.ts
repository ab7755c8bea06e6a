import type { FlushResult } from '../schedule/schedule.ts'

/** Who waits for which flush. The schedule bounds how many may. */
export interface Answers {
  ask(): { readonly id: number; readonly answer: Promise<FlushResult> }
  give(id: number, result: FlushResult): void
}

export function createAnswers(): Answers {
  const waiting = new Map<number, (result: FlushResult) => void>()
  let id = 0
  return {
    ask() {
      id += 1
      const answer = new Promise<FlushResult>((resolve) => waiting.set(id, resolve))
      return { id, answer }
    },
    give(given, result) {
      waiting.get(given)?.(result)
      waiting.delete(given)
    },
  }
}
