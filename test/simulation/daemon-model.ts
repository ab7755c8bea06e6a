import type { Breaker } from '../../src/classify/classify.ts'
import { breakerDefaults } from '../../src/classify/breaker-options.ts'
import { createBreaker } from '../../src/classify/classify.ts'
import type { SavedBreaker } from '../../src/classify/classify.ts'
import type { Action, BatchResult, SavedSchedule, ScheduleInput } from '../../src/schedule/schedule.ts'
import { createSchedule, save, step, view } from '../../src/schedule/schedule.ts'
import type { Batch, Evidence, PathBytes, Verdict } from '../../src/types.ts'
import { EvidenceModel } from './evidence-model.ts'
import type { Surroundings } from './surroundings.ts'
import { clockMs } from './surroundings.ts'
import type { Version } from './world.ts'

/** What outlives the daemon. */
export interface Saved {
  readonly schedule: SavedSchedule
  readonly breaker: SavedBreaker
}

interface PlannedBatch {
  readonly result: Omit<BatchResult, 'committed' | 'headMoved' | 'failure'>
  readonly again: readonly ScheduleInput[]
  readonly entries: ReadonlyMap<PathBytes, Version | null>
}

const never = (): number => 0

/** The real classifier, breaker and schedule, tied together as the daemon does it; git and disk are the model's. */
export class DaemonModel {
  pendingMost = 0
  private state
  private readonly breaker: Breaker
  private readonly around: Surroundings
  private readonly evidence: EvidenceModel
  /** What needs nothing as long as neither it nor its committed version changes. */
  private readonly dealt = new Map<PathBytes, string>()
  private dead = false
  private wake = 0

  constructor(around: Surroundings, saved: Saved | null) {
    this.around = around
    const seed = Math.floor(around.chance() * 2 ** 32)
    this.state = createSchedule(around.schedule, saved?.schedule ?? null, seed, this.nowMs())
    this.breaker = createBreaker(breakerDefaults, saved?.breaker ?? null)
    this.evidence = new EvidenceModel(around, this.breaker)
    this.enter({ kind: 'pauses', pauses: around.pauses })
  }

  /** Nothing that is under way is answered any more. */
  kill(): Saved {
    this.dead = true
    return { schedule: save(this.state), breaker: this.breaker.save() }
  }

  notice(path: PathBytes): void {
    if (!this.dead) this.look([path])
  }

  enter(input: ScheduleInput): void {
    if (this.dead) return
    if (input.kind === 'clock-jumped') this.breaker.shift(input.deltaMs)
    const { actions } = step(this.state, input, this.nowMs())
    const wake = ++this.wake
    for (const action of actions) this.perform(action, wake)
  }

  quarantined(): readonly string[] {
    return this.breaker.view(this.nowMs()).quarantine.map(({ path }) => path)
  }

  release(path: string): void {
    this.breaker.release(path)
    this.look([path as PathBytes])
  }

  view(): ReturnType<typeof view> {
    return view(this.state, this.nowMs())
  }

  private nowMs(): number {
    return clockMs(this.around)
  }

  private later(fromMs: number, toMs: number, run: () => void): void {
    const { timeline, chance } = this.around
    timeline.in(fromMs + chance() * (toMs - fromMs), () => {
      if (!this.dead) run()
    })
  }

  private perform(action: Action, wake: number): void {
    const { timeline, clockOffsetMs } = this.around
    switch (action.kind) {
      case 'commit':
        return this.commit(action.batch)
      case 'push':
        return this.later(30, 1_500, () => this.enter({ kind: 'push-done', outcome: this.push() }))
      case 'verify':
        return this.later(20, 800, () => this.enter(this.verify()))
      case 'knock':
        return this.later(5, 1_000, () => this.enter({ kind: 'knocked', answered: this.isRemoteHome() }))
      case 'integrate':
        return this.later(50, 2_000, () => this.enter({ kind: 'integrated', result: this.integrate() }))
      case 'reconcile':
        return this.later(50, 3_000, () => {
          if (!this.around.blind) this.look(this.around.world.differing().filter((path) => !this.isDealt(path)))
          this.enter({ kind: 'reconciled', ok: true })
        })
      case 'answer':
        return this.around.onAnswer(action.id)
      case 'notice':
        return undefined
      case 'wake':
        timeline.at(action.atMs - clockOffsetMs, () => {
          if (!this.dead && this.wake === wake) this.enter({ kind: 'tick' })
        })
    }
  }

  private push(): Extract<ScheduleInput, { kind: 'push-done' }>['outcome'] {
    const { world, remoteFailure, onPush } = this.around
    if (remoteFailure !== null) return { kind: 'failed', failure: remoteFailure }
    if (world.foreign > 0) return { kind: 'behind' }
    world.push()
    onPush()
    return { kind: 'pushed', oid: `${world.headSerial}` }
  }

  private isRemoteHome(): boolean {
    return this.around.remoteFailure?.heals !== 'unreachable'
  }

  /** The other machine's commits touch other files, so nothing here is in the way. */
  private integrate(): Extract<ScheduleInput, { kind: 'integrated' }>['result'] {
    const { world, remoteFailure } = this.around
    if (remoteFailure !== null) return { kind: 'failed', failure: remoteFailure, commits: 0 }
    world.foreign = 0
    return { kind: 'done', ahead: world.commits.length - world.pushed, commits: 0 }
  }

  private verify(): ScheduleInput {
    const { world, remoteFailure } = this.around
    if (remoteFailure !== null) return { kind: 'verified', view: null, failure: remoteFailure }
    const ahead = world.commits.length - world.pushed
    return { kind: 'verified', view: { ahead, behind: world.foreign }, failure: null }
  }

  /** What was noticed is judged, and told to the schedule. */
  private look(paths: readonly PathBytes[]): void {
    const inputs = paths.flatMap((path) => this.inputOf(path, this.judge(path, 'early', null)) ?? [])
    for (const input of merged(inputs)) this.enter(input)
    this.pendingMost = Math.max(this.pendingMost, this.state.pending.byPath.size)
  }

  private inputOf(path: PathBytes, verdict: Verdict): ScheduleInput | null {
    if (verdict.decision !== 'sync') this.dealt.set(path, this.markOf(path))
    if (verdict.decision === 'block') return { kind: 'settled', paths: [path] }
    if (verdict.decision === 'hold') return { kind: 'held', held: [{ path, reason: verdict.reason }] }
    const { lane, writer, entry, base } = verdict.evidence
    const personal = writer?.kind === 'human' || (writer?.session ?? null) !== null
    if (personal) this.breaker.wrote(path, this.nowMs(), true)
    const slow = lane?.kind === 'slow' ? { pattern: lane.pattern, commitAtMs: lane.commitAtMs } : null
    const group = writer?.kind === 'agent' ? `agent:${writer.session ?? writer.name ?? 'unnamed'}` : 'workspace'
    const rename = this.renameHalf(path, entry === null ? (base?.oid ?? null) : null)
    const session = writer?.session ?? null
    const sizeBytes = entry?.sizeBytes ?? 0
    const change = { path, class: verdict.class, group, changedAtMs: this.nowMs(), slow, session, rename, sizeBytes }
    return { kind: 'changes', changes: [change] }
  }

  private renameHalf(path: PathBytes, deletedOid: string | null): { half: 'deleted' | 'created'; oid: string } | null {
    if (deletedOid !== null) return { half: 'deleted', oid: deletedOid }
    const { work, head } = this.around.world
    const oid = work.get(path)?.oid
    return oid === undefined || head.has(path) ? null : { half: 'created', oid }
  }

  private judge(path: PathBytes, depth: 'early' | 'full', guard: Evidence['guard'] | null): Verdict {
    const question = this.around.classifier.judge(path, this.around.world.entry(path), depth, never)
    let evidence: Evidence = { path, entry: this.around.world.entry(path) }
    let asked = question.next()
    while (asked.done !== true) {
      evidence = { ...evidence, ...this.evidence.gather(asked.value, path, guard) }
      asked = question.next(evidence)
    }
    return asked.value
  }

  private isDealt(path: PathBytes): boolean {
    return this.dealt.get(path) === this.markOf(path)
  }

  private markOf(path: PathBytes): string {
    const { work, head } = this.around.world
    return `${work.get(path)?.serial} ${head.get(path)?.oid}`
  }

  private commit(batch: Batch): void {
    const { world, onCommit, commitFailure } = this.around
    const headSerial = world.headSerial
    const bytesFixedAtMs = this.nowMs()
    const { result, entries, again } = this.plan(batch)
    this.later(30, 400, () => {
      const headMoved = world.headSerial !== headSerial
      const made = !headMoved && entries.size > 0 && commitFailure === null
      const failure = entries.size > 0 ? commitFailure : null
      if (made) {
        world.commit(entries, this.around.timeline.nowMs, batch.trigger, batch.group)
        this.breaker.committed([...entries.keys()], bytesFixedAtMs, batch.trigger)
        onCommit()
      }
      for (const input of again) this.enter(input)
      const committed = made ? { oid: `${world.headSerial}`, paths: [...entries.keys()] } : null
      const answer = headMoved ? { held: [], settled: [], unsettled: [] } : result
      this.later(1, 20, () => {
        const done: BatchResult = { ...answer, committed, failure, headMoved }
        this.enter({ kind: 'batch-done', batchId: batch.id, result: done })
      })
    })
  }

  private plan(batch: Batch): PlannedBatch {
    const { work, head } = this.around.world
    const held = []
    const settled: PathBytes[] = []
    const unsettled: PathBytes[] = []
    const again: ScheduleInput[] = []
    const entries = new Map<PathBytes, Version | null>()
    const mass = this.evidence.massDeletion(batch)
    for (const path of batch.paths) {
      const verdict = this.judge(path, 'full', this.evidence.guardOf(path, mass.has(path)))
      const lane = verdict.evidence.lane
      const tooEarly = lane?.kind === 'slow' && lane.commitAtMs > this.nowMs() && batch.trigger !== 'asked'
      const version = work.get(path) ?? null
      if (verdict.decision === 'block' || (version === null && !head.has(path))) settled.push(path)
      else if (verdict.decision === 'hold' && !this.evidence.isWhole(path)) unsettled.push(path)
      else if (verdict.decision === 'hold') held.push({ path, reason: verdict.reason })
      else if (tooEarly) again.push(this.inputOf(path, verdict) ?? { kind: 'tick' })
      else entries.set(path, version)
    }
    return { result: { held, settled, unsettled }, entries, again: merged(again) }
  }
}

/** One input of each kind, as the daemon sends what it looked at in one go. */
function merged(inputs: readonly ScheduleInput[]): ScheduleInput[] {
  const changes = inputs.flatMap((input) => (input.kind === 'changes' ? input.changes : []))
  const settled = inputs.flatMap((input) => (input.kind === 'settled' ? input.paths : []))
  const held = inputs.flatMap((input) => (input.kind === 'held' ? input.held : []))
  return [
    ...(changes.length > 0 ? [{ kind: 'changes', changes } as const] : []),
    ...(settled.length > 0 ? [{ kind: 'settled', paths: settled } as const] : []),
    ...(held.length > 0 ? [{ kind: 'held', held } as const] : []),
  ]
}
