/**
 * The verbs. One loop: what the watcher noticed is looked at, every answer is given to the schedule, and what the
 * schedule decides is carried out. No stage knows another; they meet here.
 */
import {
  createSchedule,
  save,
  step,
  view,
  type Action,
  type FlushResult,
  type SavedSchedule,
  type ScheduleInput,
  type ScheduleView,
} from '../schedule/schedule.ts'
import type { ChangeEvent, PathBytes } from '../types.ts'
import { createBell } from './bell.ts'
import type { Board, Parts } from './board.ts'
import { createConditions } from './conditions.ts'
import { changesIgnores } from './ignores.ts'
import { createLook, type Origin } from './look.ts'
import { scheduleOptions } from './schedule-options.ts'
import { createSurroundings } from './surroundings.ts'
import { createTasks, failureOf } from './tasks.ts'

export interface Pipeline {
  /** Runs until `stop`; what is under way is ended first. @throws only on a bug of ours. */
  run(): Promise<void>
  stop(): void
  /** Something may be there: events, a moved HEAD, a changed condition. */
  ring(): void
  tell(input: ScheduleInput): void
  /** Looks at the whole tree, commits what may be, and resolves when the remote has it or says why not. */
  sync(paths: readonly PathBytes[] | null): Promise<FlushResult>
  /** Something about the repository may forbid or allow commits now. */
  doubt(): void
  /** The whole tree was compared at least once, and what was found is noted. */
  hasReconciled(): boolean
  view(): ScheduleView
  save(): SavedSchedule
}

/** The look itself failed: git cannot be asked just now. */
const lookAgainMs = 1_000

export function createPipeline(parts: Parts, board: Board, afterTurn: () => void): Pipeline {
  const { clock } = parts
  const bell = createBell(clock)
  const look = createLook(parts, board)
  const tasks = createTasks(parts, board)
  const inbox: ScheduleInput[] = []
  let found: { readonly events: readonly ChangeEvent[]; readonly origin: Origin }[] = []
  const answers = new Map<number, (result: FlushResult) => void>()
  const running = new Set<Promise<void>>()
  const options = scheduleOptions(parts.config, parts.pushEnabled)
  let state = createSchedule(options, parts.state.value.schedule, parts.seed, clock.nowMs())
  let flushes = 0
  let stopping = false
  let reconciled = false
  let bug: { readonly error: unknown } | null = null
  const viewNow = (): ScheduleView => view(state, clock.nowMs())
  const conditions = createConditions(parts, viewNow)

  const start = (task: Promise<readonly ScheduleInput[]>): void => {
    const done = task
      .then((inputs) => void inbox.push(...inputs))
      .catch((error: unknown) => void (bug ??= { error }))
      .finally(() => {
        running.delete(done)
        bell.ring()
      })
    running.add(done)
  }
  const foundByReconcile = (events: readonly ChangeEvent[]): void => void found.push({ events, origin: 'reconcile' })

  const perform = (action: Action): void => {
    switch (action.kind) {
      case 'commit':
        return start(tasks.commit(action.batch, conditions.check))
      case 'push':
        return start(tasks.push())
      case 'verify':
        return start(tasks.verify())
      case 'reconcile':
        return start(tasks.reconcile(action.reason, foundByReconcile))
      case 'answer':
        answers.get(action.id)?.(action.result)
        answers.delete(action.id)
        return undefined
      case 'notice':
        return parts.report({ kind: 'notice', text: action.text })
      case 'wake':
        return bell.ringIn(Math.min(Math.max(0, action.atMs - clock.nowMs()), conditions.restMs()))
    }
  }

  const surroundings = createSurroundings(parts, board, () => {
    conditions.doubt()
    start(tasks.verify())
  })

  const takeInputs = async (): Promise<readonly ScheduleInput[]> => {
    const inputs: ScheduleInput[] = [...(await surroundings())]
    const { events, rescan } = parts.source.take()
    board.counters.events += events.length
    if (changesIgnores(events)) {
      await parts.ignores.refresh()
      await parts.source.rewatch()
    }
    if (events.length > 0) found.push({ events, origin: 'watcher' })
    if (rescan !== null) inputs.push({ kind: 'reconcile-wanted', reason: rescan })
    while (found[0] !== undefined) {
      inputs.push(...(await look(found[0].events, found[0].origin)))
      found = found.slice(1)
    }
    return [...inputs, ...(await conditions.inputs()), ...inbox.splice(0), { kind: 'tick' }]
  }

  const turn = async (): Promise<void> => {
    bell.ringIn(conditions.restMs())
    try {
      for (const input of await takeInputs()) {
        reconciled ||= input.kind === 'reconciled' && input.ok
        const after = step(state, input, clock.nowMs())
        state = after.state
        after.actions.forEach(perform)
      }
    } catch (error) {
      parts.report({ kind: 'failed', what: 'reconcile', failure: failureOf(error) })
      board.dealt.clear()
      inbox.push({ kind: 'reconcile-wanted', reason: 'looking failed' })
      bell.ringIn(lookAgainMs)
    }
    afterTurn()
  }

  return {
    async run() {
      while (!stopping && bug === null) {
        await turn()
        await bell.sleep()
      }
      while (running.size > 0) await Promise.all(running)
      if (bug !== null) throw bug.error
    },
    stop() {
      stopping = true
      bell.ring()
    },
    ring: bell.ring,
    tell(input) {
      inbox.push(input)
      bell.ring()
    },
    async sync(paths) {
      inbox.push(...(await tasks.reconcile('sync', foundByReconcile)))
      const id = (flushes += 1)
      const answer = new Promise<FlushResult>((resolve) => answers.set(id, resolve))
      inbox.push({ kind: 'flush', id, paths })
      bell.ring()
      return answer
    },
    doubt: conditions.doubt,
    hasReconciled: () => reconciled,
    view: viewNow,
    save: () => save(state),
  }
}
