/**
 * The verbs. One loop: what the watcher noticed is looked at, every answer is given to the schedule, and what the
 * schedule decides is carried out. No stage knows another; they meet here.
 */
import { createSchedule, needsPerson, save, step, view } from '../schedule/schedule.ts'
import type { Action, FlushResult, SavedSchedule, ScheduleInput, ScheduleView } from '../schedule/schedule.ts'
import type { PathBytes } from '../types.ts'
import { createAnswers, type Answers } from './answers.ts'
import { createBell } from './bell.ts'
import type { Board, Parts } from './board.ts'
import { createConditions, type Conditions } from './conditions.ts'
import { Errands } from './errands.ts'
import { atHome, createInbox, type Inbox } from './inbox.ts'
import { createIntake, type Intake } from './intake.ts'
import { scheduleOptions } from './schedule-options.ts'
import { createSurroundings } from './surroundings.ts'
import { failureOf } from './failure.ts'
import { createTasks, type Tasks } from './tasks.ts'

/** The look itself failed: git cannot be asked just now. */
const lookAgainMs = 1_000

export class Pipeline {
  readonly #parts: Parts
  readonly #afterTurn: () => void
  readonly #bell
  readonly #intake: Intake
  readonly #tasks: Tasks
  readonly #conditions: Conditions
  readonly #inbox: Inbox
  readonly #answers: Answers
  readonly #errands = new Errands(() => this.ring())
  #state
  #stopping = false
  #reconciled = false

  constructor(parts: Parts, board: Board, afterTurn: () => void) {
    this.#parts = parts
    this.#afterTurn = afterTurn
    this.#answers = createAnswers(() => parts.engine.settled())
    this.#bell = createBell(parts.clock)
    this.#intake = createIntake(parts, board)
    this.#tasks = createTasks(parts, board)
    this.#conditions = createConditions(parts, board, {
      view: () => this.view(),
      needsPerson: () => needsPerson(this.#state),
      hasReconciled: this.#intake.hasReconciled,
    })
    const surroundings = createSurroundings(parts, board, this.#conditions.doubt)
    const sources = atHome(parts.home, this.#conditions, [surroundings, this.#intake.take, this.#conditions.inputs])
    this.#inbox = createInbox(this.#errands, sources, (error) => {
      board.dealt.clear()
      this.#bell.ringIn(lookAgainMs)
      return [{ kind: 'look-failed', failure: failureOf(error) }]
    })
    const options = scheduleOptions(parts.config, parts.pushAllowed, parts.dryRun)
    this.#state = createSchedule(options, parts.state.value.schedule, parts.seed, parts.clock.nowMs())
  }

  /** Runs until `stop`; what is under way is ended first. @throws only on a bug of ours. */
  async run(): Promise<void> {
    while (!this.#stopping && !this.#errands.hasBug()) {
      await this.#turn()
      await this.#bell.sleep()
    }
    await this.#errands.finish()
  }

  stop(): void {
    this.#stopping = true
    this.ring()
  }

  /** Something may be there: events, a moved HEAD, a changed condition. */
  ring(): void {
    this.#bell.ring()
  }

  /** Something about the repository may forbid or allow commits now. */
  doubt(): void {
    this.#conditions.doubt()
  }

  tell(input: ScheduleInput): void {
    this.#errands.tell(input)
  }

  /** Looks at the whole tree, commits what may be, and resolves when the remote has it or says why not. */
  async sync(paths: readonly PathBytes[] | null): Promise<FlushResult> {
    const told = await this.#lookAround('sync')
    this.#errands.tell(...told)
    const failure = told.find((input) => input.kind === 'reconciled')?.failure ?? null
    if (failure !== null) return { ok: false, held: [], problem: failure.detail, remedy: failure.hint }
    return this.#answers.ask((id) => this.tell({ kind: 'flush', id, paths }))
  }

  /** The whole tree was compared at least once, and what was found is noted. */
  hasReconciled(): boolean {
    return this.#reconciled
  }

  view(): ScheduleView {
    return view(this.#state, this.#parts.clock.nowMs())
  }

  save(): SavedSchedule {
    return save(this.#state)
  }

  async #turn(): Promise<void> {
    this.#bell.ringIn(this.#conditions.restMs())
    for (const input of await this.#inbox()) {
      this.#reconciled ||= input.kind === 'reconciled' && input.ok
      const { state, actions } = step(this.#state, input, this.#parts.clock.nowMs())
      this.#state = state
      for (const action of actions) this.#perform(action)
    }
    this.#afterTurn()
  }

  #lookAround(reason: string): Promise<readonly ScheduleInput[]> {
    const { held, pending } = this.view()
    return this.#tasks.reconcile(reason, [...held, ...pending], this.#intake.addReconciled)
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case 'commit':
        return this.#errands.start(this.#tasks.commit(action.batch, this.#conditions.check))
      case 'push':
      case 'verify':
      case 'knock':
        return this.#errands.start(this.#tasks[action.kind](this.#conditions.check))
      case 'integrate':
        return this.#errands.start(this.#tasks.integrate(action.commitsMax, this.#conditions.check))
      case 'reconcile':
        return this.#errands.start(this.#lookAround(action.reason))
      case 'answer':
        return this.#answers.give(action.id, action.result)
      case 'notice':
        return this.#parts.report({ kind: 'notice', text: action.text })
      case 'wake':
        return this.#bell.ringIn(Math.min(action.atMs - this.#parts.clock.nowMs(), this.#conditions.restMs()))
    }
  }
}
