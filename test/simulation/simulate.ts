import { createHash } from 'node:crypto'
import { compileRules, createClassifier } from '../../src/classify/classify.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import type { ScheduleOptions } from '../../src/schedule/schedule.ts'
import type { LayerName } from '../../src/types.ts'
import { pathBytes } from '../../src/types.ts'
import { calm, day, hour, minute, second } from '../support/schedule-run.ts'
import { machines } from './machines.ts'
import { people } from './people.ts'
import type { Scene } from './scene.ts'
import { Edits, type Edit } from './edits.ts'
import { DaemonModel } from './daemon-model.ts'
import type { Saved } from './daemon-model.ts'
import type { Surroundings } from './surroundings.ts'
import { misfortunes, type Trouble } from './misfortunes.ts'
import { Timeline } from './timeline.ts'
import { seedTree } from './contents.ts'
import { unknownWriter, World } from './world.ts'
import { seeded } from './writers.ts'

export interface Settings {
  readonly seed: number
  readonly days: number
  /** A layer of the classifier that answers nothing. */
  readonly without?: LayerName
  readonly schedule?: Partial<ScheduleOptions>
  /** Nothing survives a crash. */
  readonly forgetful?: true
  /** The tree is never compared as a whole. */
  readonly blind?: true
}

/** A time in which edits may take longer. */
interface Disturbance {
  readonly fromMs: number
  readonly toMs: number
}

export interface History {
  readonly world: World
  readonly edits: readonly Edit[]
  readonly disturbed: readonly Disturbance[]
  /** Writes of machines that were taken for a person's. */
  readonly pardonsMs: readonly number[]
  readonly flushes: ReadonlyMap<number, { readonly askedAtMs: number; answeredAtMs: number | null }>
  readonly crashes: number
  /** Events that never came. */
  readonly lost: number
  readonly pendingMost: number
  readonly paths: number
  readonly writes: number
  readonly quarantined: readonly string[]
  readonly quietFromMs: number
  readonly endMs: number
  readonly hash: string
}

const rules = `
BLOCK:.claude/autonomous/service-status.json:state of a service
BLOCK:logs/**/*.log:logs
ALLOW:docs/**/*.md:documents
`
/** Long enough for a day's window to be free again. */
const tailMs = 27 * 60 * minute
const lostShare = 0.005

/** Plays the weeks of one seed; the same settings give the same history. */
export function simulate(settings: Settings): History {
  return new Simulation(settings).run()
}

class Simulation {
  private readonly settings: Settings
  private readonly world = new World()
  private readonly timeline = new Timeline()
  private readonly chance
  private readonly quietFromMs: number
  private readonly around: Surroundings
  private daemon: DaemonModel | null = null
  private readonly edits = new Edits()
  private readonly disturbed: Disturbance[] = []
  private readonly pardonsMs: number[] = []
  private readonly flushes = new Map<number, { readonly askedAtMs: number; answeredAtMs: number | null }>()
  private readonly reactions: (() => void)[] = []
  private readonly openTurns = new Set<string>()
  private crashes = 0
  private lost = 0
  private pendingMost = 0
  private writes = 0

  constructor(settings: Settings) {
    this.settings = settings
    this.chance = seeded(settings.seed)
    this.quietFromMs = settings.days * day
    const compiled = compileRules([{ level: 'built-in', source: 'simulation', text: rules }], 'ANALYZE')
    this.around = {
      world: this.world,
      timeline: this.timeline,
      classifier: createClassifier({
        rules: compiled.rules,
        codeExtensions: new Set(['ts']),
        volatileKeys: ['timestamp'],
        guard: { maxFileBytes: 50 * 1024 * 1024 },
        parsers,
        ...(settings.without === undefined ? {} : { without: new Set([settings.without]) }),
      }),
      schedule: { ...calm, verifyIntervalMs: 5 * minute, reconcileIntervalMs: 30 * minute, ...settings.schedule },
      chance: this.chance,
      blind: settings.blind === true,
      clockOffsetMs: 1_800_000_000_000,
      pauses: [],
      remoteFailure: null,
      commitFailure: null,
      onCommit: () => this.reactions.forEach((react) => react()),
      onPush: () => this.edits.pushed(this.world, this.timeline.nowMs),
      onAnswer: (id) => {
        const flush = this.flushes.get(id)
        if (flush !== undefined) flush.answeredAtMs = this.timeline.nowMs
      },
    }
  }

  run(): History {
    seedTree(this.world)
    this.start(null)
    const scene = this.scene()
    people(scene)
    machines(scene)
    misfortunes(this.trouble())
    this.lastActs()
    this.timeline.runUntil(this.quietFromMs)
    this.settleTheWorld()
    const endMs = this.quietFromMs + tailMs
    this.timeline.runUntil(endMs)
    const quarantined = this.daemon?.quarantined() ?? []
    this.noteDead()
    const edits = this.edits.all
    const { world, disturbed, pardonsMs, flushes, crashes, lost, pendingMost, writes, quietFromMs } = this
    const paths = this.world.lastWrites.size
    const found = {
      world,
      edits,
      disturbed,
      pardonsMs,
      flushes,
      crashes,
      lost,
      pendingMost,
      writes,
      quietFromMs,
      endMs,
    }
    return { ...found, paths, quarantined, hash: this.hash() }
  }

  private scene(): Scene {
    const { timeline, chance, quietFromMs } = this
    return {
      timeline,
      chance,
      quietFromMs,
      write: (name, content, seen, meant, more) => this.write(name, content, seen, meant, more),
      move: (from, to, seen) => {
        const content = this.read(from)
        this.write(from, null, seen, true)
        this.write(to, content, seen, true)
      },
      read: (name) => this.read(name),
      turn: (session, open) => {
        if (open) this.openTurns.add(session)
        else this.openTurns.delete(session)
        this.daemon?.enter({ kind: 'turn', session, open })
      },
      afterCommits: (run) => this.reactions.push(run),
    }
  }

  private read(name: string): string | null {
    const version = this.world.work.get(pathBytes(name))
    return version === undefined ? null : Buffer.from(version.bytes).toString()
  }

  private write(...[name, content, seen, meant, more]: Parameters<Scene['write']>): void {
    const { timeline, chance } = this
    const write = this.world.write(name, content, timeline.nowMs, seen, more)
    const { path, version } = write
    this.writes++
    const noticed = chance() >= lostShare
    const sure = noticed && /^(docs\/|notes\/|src\/[mpt])/.test(name)
    if (meant) this.edits.add(this.world, { path, serial: version?.serial ?? 0, atMs: timeline.nowMs, sure })
    else if (seen.kind === 'human') this.pardonsMs.push(timeline.nowMs)
    const { daemon } = this
    if (noticed) timeline.in(1 + chance() * 20, () => daemon?.notice(path))
    else this.lost++
  }

  private start(saved: Saved | null): void {
    this.daemon = new DaemonModel(this.around, this.settings.forgetful === true ? null : saved)
    for (const session of this.openTurns) this.daemon.enter({ kind: 'turn', session, open: true })
  }

  private noteDead(): Saved | null {
    this.pendingMost = Math.max(this.pendingMost, this.daemon?.pendingMost ?? 0)
    return this.daemon?.kill() ?? null
  }

  private crash(downMs: number): void {
    if (this.daemon === null) return
    this.crashes++
    const saved = this.noteDead()
    this.daemon = null
    // Whoever waits for an answer loses the connection.
    for (const flush of this.flushes.values()) flush.answeredAtMs ??= this.timeline.nowMs
    this.timeline.in(downMs, () => this.start(saved))
  }

  private trouble(): Trouble {
    const { around, world, timeline, chance, quietFromMs } = this
    return {
      timeline,
      chance,
      quietFromMs,
      remoteFails: (failure) => void (around.remoteFailure = failure),
      commitFails: (failure) => void (around.commitFailure = failure),
      pauses: (pauses) => {
        around.pauses = pauses
        this.daemon?.enter({ kind: 'pauses', pauses })
      },
      foreignCommit: () => void world.foreign++,
      pull: () => {
        world.foreign = 0
        world.headSerial++
      },
      commitByHand: () => this.commitByHand(),
      stage: (on) => (on ? world.staged.add(pathBytes('src/main.ts')) : this.unstage()),
      crash: (downMs) => this.crash(downMs),
      jump: (deltaMs) => {
        if (this.daemon === null) return
        around.clockOffsetMs += Math.round(deltaMs)
        this.daemon.enter({ kind: 'clock-jumped', deltaMs: Math.round(deltaMs) })
      },
      disturbed: (fromMs, toMs) => void this.disturbed.push({ fromMs, toMs }),
      sync: () => this.sync(),
    }
  }

  private unstage(): void {
    const path = pathBytes('src/main.ts')
    this.world.staged.delete(path)
    this.daemon?.notice(path)
  }

  /** A person commits what people changed. */
  private commitByHand(): void {
    const { world, timeline } = this
    const mine = world.differing().filter((path) => this.edits.has(path) && world.work.get(path)?.partial !== true)
    if (mine.length === 0) return
    world.commit(new Map(mine.map((path) => [path, world.work.get(path) ?? null])), timeline.nowMs, 'by hand', '')
  }

  private sync(): void {
    if (this.daemon === null) return
    const id = this.flushes.size + 1
    this.flushes.set(id, { askedAtMs: this.timeline.nowMs, answeredAtMs: null })
    this.daemon.enter({ kind: 'flush', id, paths: null })
  }

  /** However lucky the seed: an edit while the daemon is down, and one while the remote is. */
  private lastActs(): void {
    const { timeline, around, quietFromMs } = this
    const failure = { name: 'rejected', heals: 'backoff', detail: 'rejected', hint: 'wait' } as const
    timeline.at(quietFromMs - 3 * hour, () => this.crash(10 * minute))
    timeline.at(quietFromMs - 3 * hour + minute, () => this.write('src/while-down.ts', 'a', unknownWriter, true))
    timeline.at(quietFromMs - hour, () => void (around.remoteFailure = failure))
    timeline.at(quietFromMs - hour + minute, () => this.write('src/while-refused.ts', 'b', unknownWriter, true))
    timeline.at(quietFromMs - hour / 2, () => void (around.remoteFailure = null))
    this.disturbed.push({ fromMs: quietFromMs - 3 * hour, toMs: quietFromMs })
  }

  /** Everything that people can mend is mended; a crashed daemon is started again. */
  private settleTheWorld(): void {
    const { around, world } = this
    around.remoteFailure = null
    around.commitFailure = null
    world.foreign = 0
    world.staged.clear()
    around.pauses = []
    this.daemon?.enter({ kind: 'pauses', pauses: [] })
    this.timeline.in(second, () => this.daemon?.notice(pathBytes('src/main.ts')))
  }

  private hash(): string {
    const hash = createHash('sha256')
    for (const { atMs, trigger, group, entries } of this.world.commits) {
      hash.update(`${atMs} ${trigger} ${group}\n`)
      for (const [path, version] of entries) hash.update(`${path} ${version?.oid ?? 'deleted'}\n`)
    }
    return hash.digest('hex')
  }
}
