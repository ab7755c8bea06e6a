import type { ScheduleInput } from '../schedule/schedule.ts'
import type { Errands } from './errands.ts'

/** Everything the schedule is told in one turn of the loop. When looking fails it is told that; nothing is lost. */
export type Inbox = () => Promise<readonly ScheduleInput[]>

/** @param sources asked one after another: each may rest on what the one before has seen. */
export function createInbox(
  errands: Errands,
  sources: readonly (() => Promise<readonly ScheduleInput[]>)[],
  lookFailed: (error: unknown) => readonly ScheduleInput[],
): Inbox {
  return async () => {
    // Taken first: the events that a reconcile found were noted before it was said to be over.
    const told = errands.takeTold()
    const noticed: ScheduleInput[] = []
    try {
      for (const source of sources) noticed.push(...(await source()))
      return [...noticed, ...told, { kind: 'tick' }]
    } catch (error) {
      errands.putBack([...noticed, ...told])
      // At once: what is put back waits until looking goes well again, however long that takes.
      return lookFailed(error)
    }
  }
}
