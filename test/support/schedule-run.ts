import type { Batch, Failure, PaceClass, PathBytes, PushOutcome } from '../../src/types.ts'
import type {
  Action,
  BatchResult,
  FlushResult,
  IntegrationResult,
  PendingChange,
  SavedSchedule,
  ScheduleInput,
  ScheduleOptions,
  ScheduleView,
} from '../../src/schedule/schedule.ts'
import { createSchedule, save, step, view } from '../../src/schedule/schedule.ts'
import { pathBytes } from '../../src/types.ts'

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** The defaults of `config/default.json`, with looks at tree and remote out of the way. */
export const calm: ScheduleOptions = {
  quietMs: { immediate: 2 * second, code: 5 * second, default: 30 * second },
  maxWaitMs: 5 * minute,
  takeAlongQuietMs: second,
  batchBytesMax: Infinity,
  turnMaxMs: 15 * minute,
  limits: { mode: 'gather', commitsPerHour: 10, commitsPerDay: 50, gatherMs: 2 * minute, gatherPastDayMs: 5 * minute },
  retry: { delaysMs: [2 * second, 4 * second, 6 * second], maxMs: 15 * minute },
  probe: { minMs: second, maxMs: minute },
  push: { enabled: true, minIntervalMs: 0 },
  verifyIntervalMs: 365 * day,
  verifyEnabled: true,
  integrateEnabled: false,
  reconcileIntervalMs: 365 * day,
  degradedReconcileMs: 30 * second,
}

export const nothing: BatchResult = {
  committed: null,
  held: [],
  settled: [],
  unsettled: [],
  failure: null,
  headMoved: false,
}

export function failure(name: Failure['name'], heals: Failure['heals']): Failure {
  return { name, heals, detail: `${name} happened`, hint: 'mend it' }
}

export interface Happened {
  readonly atMs: number
  readonly action: Action
}

interface Answers {
  /** What becomes of a commit; null: it stays in flight. */
  readonly commit?: (batch: Batch) => BatchResult | null
  readonly push?: () => PushOutcome | null
  readonly verify?: () => Extract<ScheduleInput, { kind: 'verified' }> | null
  readonly integrate?: () => IntegrationResult | null
  readonly knock?: () => boolean | null
}

export function committed(paths: readonly PathBytes[]): BatchResult {
  return { ...nothing, committed: { oid: 'c0ffee', paths } }
}

/** Drives a schedule along a clock of its own. Starts after the first look at tree and remote, at instant 0. */
export class ScheduleRun {
  nowMs: number
  answers: Answers
  readonly log: Happened[] = []
  readonly state
  private wakeMs: number | null = null
  private nextFlush = 1

  constructor(
    options: Partial<ScheduleOptions> = {},
    answers: Answers = {},
    saved: SavedSchedule | null = null,
    nowMs = 0,
  ) {
    this.answers = answers
    this.nowMs = nowMs
    this.state = createSchedule({ ...calm, ...options }, saved, 7, nowMs)
    this.send({ kind: 'tick' })
  }

  /** One input, and the answers to what it brings about. */
  send(input: ScheduleInput): readonly Action[] {
    const { actions } = step(this.state, input, this.nowMs)
    this.wakeMs = null
    for (const action of actions) {
      if (action.kind === 'wake') this.wakeMs = action.atMs
      else this.log.push({ atMs: this.nowMs, action })
    }
    for (const action of actions) {
      const answer = this.answerTo(action)
      if (answer !== null) this.send(answer)
    }
    return actions
  }

  /** Follows the schedule's own wakes up to the instant. */
  until(atMs: number): this {
    for (let rounds = 0; this.wakeMs !== null && this.wakeMs <= atMs; rounds++) {
      if (rounds > 1_000_000 || this.wakeMs < this.nowMs) throw new Error(`wakes in vain at ${this.nowMs}`)
      this.nowMs = this.wakeMs
      this.send({ kind: 'tick' })
    }
    this.nowMs = atMs
    return this
  }

  change(name: string, pace: PaceClass = 'code', more: Partial<PendingChange> = {}): void {
    this.send({ kind: 'changes', changes: [change(name, pace, this.nowMs, more)] })
  }

  flush(...names: readonly string[]): number {
    const paths = names.length === 0 ? null : names.map((name) => pathBytes(name))
    this.send({ kind: 'flush', id: this.nextFlush, paths })
    return this.nextFlush++
  }

  answered(id: number): FlushResult | null {
    for (const { action } of this.log) if (action.kind === 'answer' && action.id === id) return action.result
    return null
  }

  batches(): (Batch & { readonly atMs: number })[] {
    return this.log.flatMap(({ atMs, action }) => (action.kind === 'commit' ? [{ ...action.batch, atMs }] : []))
  }

  /** Instants at which actions of the kind were taken. */
  times(kind: Action['kind']): number[] {
    return this.log.filter(({ action }) => action.kind === kind).map(({ atMs }) => atMs)
  }

  notices(): string[] {
    return this.log.flatMap(({ action }) => (action.kind === 'notice' ? [action.text] : []))
  }

  view(): ScheduleView {
    return view(this.state, this.nowMs)
  }

  saved(): SavedSchedule {
    return JSON.parse(JSON.stringify(save(this.state))) as SavedSchedule
  }

  private answerTo(action: Action): ScheduleInput | null {
    if (action.kind === 'reconcile') return { kind: 'reconciled', ok: true }
    if (action.kind === 'commit') {
      const result = (this.answers.commit ?? ((batch) => committed(batch.paths)))(action.batch)
      return result === null ? null : { kind: 'batch-done', batchId: action.batch.id, result }
    }
    if (action.kind === 'push') {
      const outcome = (this.answers.push ?? (() => ({ kind: 'pushed', oid: 'c0ffee' })))()
      return outcome === null ? null : { kind: 'push-done', outcome }
    }
    if (action.kind === 'integrate') {
      const result = (this.answers.integrate ?? (() => ({ kind: 'done', ahead: 0, commits: 0 })))()
      return result === null ? null : { kind: 'integrated', result }
    }
    if (action.kind === 'knock') {
      const answered = (this.answers.knock ?? (() => false))()
      return answered === null ? null : { kind: 'knocked', answered }
    }
    if (action.kind !== 'verify') return null
    return (this.answers.verify ?? (() => seen(0, 0)))()
  }
}

export function seen(ahead: number, behind: number): Extract<ScheduleInput, { kind: 'verified' }> {
  return { kind: 'verified', view: { ahead, behind }, failure: null }
}

export function unseen(why: Failure): Extract<ScheduleInput, { kind: 'verified' }> {
  return { kind: 'verified', view: null, failure: why }
}

export function change(
  name: string,
  pace: PaceClass,
  changedAtMs: number,
  more: Partial<PendingChange> = {},
): PendingChange {
  const plain = { group: 'people', slow: null, session: null, rename: null, sizeBytes: 10 }
  return { path: pathBytes(name), class: pace, changedAtMs, ...plain, ...more }
}
