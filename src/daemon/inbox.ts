import type { ScheduleInput } from '../schedule/schedule.ts'
import type { Pause } from '../types.ts'
import type { Errands } from './errands.ts'
import type { Home } from './home.ts'

/** Everything the schedule is told in one turn of the loop. When looking fails it is told that; nothing is lost. */
export type Inbox = () => Promise<readonly ScheduleInput[]>
type Source = () => Promise<readonly ScheduleInput[]>

/** @param sources asked one after another: each may rest on what the one before has seen. */
export function createInbox(
  errands: Errands,
  sources: readonly Source[],
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

/** While the repository is gone nothing that is asked of it has an answer: only that is told, and when it is back. */
export function atHome(
  home: Home,
  conditions: { check(): Promise<readonly Pause[]>; doubt(): void },
  sources: readonly Source[],
): readonly Source[] {
  let wasGone = false
  const first: Source = async () => {
    if (home.isGone() === wasGone) return []
    wasGone = !wasGone
    if (wasGone) return [{ kind: 'pauses', pauses: await conditions.check() }]
    conditions.doubt()
    return [{ kind: 'reconcile-wanted', reason: 'the workspace is back' }]
  }
  return [first, ...sources.map((source) => async () => (wasGone ? [] : source()))]
}
