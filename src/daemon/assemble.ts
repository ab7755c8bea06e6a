import { createBreaker } from '../classify/classify.ts'
import type { Config } from '../config/config.ts'
import { createEventSource, type EventSource } from '../events/events.ts'
import { createEvidence } from '../evidence/evidence.ts'
import type { GitEngine } from '../git/git.ts'
import { systemRandom } from '../platform/platform.ts'
import type { Reporter } from '../report/report.ts'
import { pathText, type PathBytes } from '../types.ts'
import type { Observer } from '../witness/witness.ts'
import { settlePlace } from './copied.ts'
import { keptHere } from './open-conflicts.ts'
import { createBoard, type Board, type Parts } from './board.ts'
import { firstSyncFits } from './conditions.ts'
import { createHome } from './home.ts'
import { createIgnores, type Ignores } from './ignores.ts'
import { lastDone } from './last-done.ts'
import { createHeap } from './heap.ts'
import { openLive } from './live.ts'
import type { DaemonLock } from './lock.ts'
import type { DaemonOptions } from './options.ts'
import { observing } from './observing.ts'
import { createOutlets } from './outlets.ts'
import { Pipeline } from './pipeline.ts'
import { recovered } from './recovered.ts'
import { failureOf } from './failure.ts'
import { takeChange } from './take-change.ts'
import { createThrift, type Thrift } from './thrift.ts'
import { createUserPause } from './user-pause.ts'
import { openState, openStateReadOnly, type StateStore } from './state-file.ts'
import type { State } from './state-schema.ts'

/** Whose writes are kept back is written this soon: a kill must not send them on. */
const saveSoonMs = 1_000
/** What was learned since is written at every commit and, at the latest, after so long; the rest is relearned. */
const saveEveryMs = 60_000

export interface Assembly {
  readonly parts: Parts
  readonly board: Board
  readonly pipeline: Pipeline
  onTurn(listener: () => void): void
  saveState(): void
  /** Journal and log. */
  closeRecords(): Promise<void>
}

/** Builds the real parts and finishes what a crash left half done. @throws as `startDaemon`. */
export async function assemble(options: DaemonOptions, lock: DaemonLock): Promise<Assembly> {
  const { engine, dryRun, clock } = options
  const { state, news } = await stateOf(options)
  const live = await openLive({ config: options.config, engine, state, clock })
  const { config } = live
  const { report, listeners, closeRecords } = createOutlets(options, config)
  tellWarnings([...live.warnings, ...news], engine, state, report)
  await rememberBranch(engine, config, state)
  noteStart(options, state)
  const ignores = createIgnores(engine)
  await ignores.refresh()
  // Watcher and pipeline need each other: the one rings, the other takes.
  const later = { ring: (): void => {}, onTurn: (): void => {}, isTreeKnown: () => false }
  const watching = observing(options, () => parts.config, state, later)
  const breaker = createBreaker({ cooldownMs: config.limits.cooldownMs }, state.value.breaker)
  const learned = (): Partial<State> => {
    const { observer } = watching
    const kept = observer === null ? {} : { authors: keptAuthors(observer) }
    return { schedule: pipeline.save(), breaker: breaker.save(), ...kept }
  }
  const parts: Parts = {
    live,
    get config() {
      return live.config
    },
    get classifier() {
      return live.classifier
    },
    pushAllowed: options.pushAllowed,
    get pushEnabled() {
      return options.pushAllowed && live.config.push.enabled
    },
    engine,
    breaker,
    state,
    lock,
    home: createHome(engine.repository, clock),
    pause: createUserPause(state, clock),
    report,
    ignores,
    dryRun,
    source: options.watch ? watcherOf(options, config, ignores, () => later.ring(), watching.observer) : nothingToWatch,
    journal: { write: (entry) => state.update({ journal: entry, ...learned() }) },
    evidence: createEvidence(engine, clock),
    listeners,
    ...watching,
    clock,
    random: systemRandom,
    seed: Math.floor(systemRandom.next() * 2 ** 32),
  }
  const known = { ...lastDone(engine.repository.stateDir), deletedBefore: state.value.deleted }
  const board = createBoard(await engine.head(), known)
  const { saveState, saveInTime } = savingOf(parts, learned, () => pipeline.ring())
  const thrift = createThrift(createHeap(), clock)
  const pipeline = new Pipeline(parts, board, () => {
    if (!state.value.firstSync && pipeline.hasReconciled() && firstSyncFits(pipeline.view())) saveState(yes)
    saveInTime()
    tellNews(state, report)
    thrift.turned()
    later.onTurn()
  })
  Object.assign(later, { ring: () => pipeline.ring(), isTreeKnown: () => pipeline.hasReconciled() })
  live.onChange = (change) => takeChange({ parts, board, pipeline }, change)
  await finishCommit(parts, board)
  return {
    parts,
    board,
    pipeline,
    saveState,
    onTurn: (listener) => void (later.onTurn = listener),
    closeRecords: () => closed(thrift, closeRecords),
  }
}

const yes = { firstSync: true } as const

async function stateOf({
  engine,
  dryRun,
  clock,
}: DaemonOptions): Promise<{ state: StateStore; news: readonly string[] }> {
  const { stateDir } = engine.repository
  if (dryRun) return { state: openStateReadOnly(stateDir), news: [] }
  const state = openState(stateDir, freshCloneId, clock.nowMs())
  return { state, news: await settlePlace(engine, state, freshCloneId) }
}

function freshCloneId(): string {
  return systemRandom.hex(8)
}

function closed(thrift: Thrift, closeRecords: () => Promise<void>): Promise<void> {
  thrift.close()
  return closeRecords()
}

/** When what was learned is written. @param ring makes the loop turn once more. */
function savingOf(
  parts: Parts,
  learned: () => Partial<State>,
  ring: () => void,
): { saveState(change?: Partial<State>): void; saveInTime(): void } {
  const { clock, observer } = parts
  let savedAtMs = clock.monotonicMs()
  const saveState = (change: Partial<State> = {}): void => {
    savedAtMs = clock.monotonicMs()
    trySaving(parts, { ...change, ...learned() })
  }
  return {
    saveState,
    saveInTime() {
      const hasNews = observer?.authors.hasNews === true
      const sinceMs = clock.monotonicMs() - savedAtMs
      if (sinceMs > (hasNews ? saveSoonMs : saveEveryMs)) saveState()
      else if (hasNews) clock.after(saveSoonMs, ring)
    },
  }
}

/** As the state file has them. */
function keptAuthors(observer: Observer): State['authors'] {
  return observer.authors.kept() as State['authors']
}

function trySaving({ state, report, home }: Parts, change: Partial<State>): void {
  if (home.isGone()) return
  try {
    state.update(change)
  } catch (error) {
    // What was learned can be learned again; that the disk takes nothing more is a pause, not an end.
    report({ kind: 'failed', what: 'save', failure: failureOf(error) })
  }
}

/** Whoever asks for one look at everything has said yes to it. */
function noteStart({ watch, dryRun, startedWith }: DaemonOptions, state: StateStore): void {
  if (!watch) state.update({ firstSync: true })
  else if (!dryRun) state.update({ startedWith })
}

function tellWarnings(warnings: readonly string[], { name }: GitEngine, state: StateStore, report: Reporter): void {
  if (name === 'embedded') {
    report({ kind: 'notice', text: 'git is not used here: see "Without git" in the README' })
  }
  for (const text of warnings) report({ kind: 'notice', text })
  tellNews(state, report)
}

function tellNews(state: StateStore, report: Reporter): void {
  const text = state.takeNews()
  if (text !== null) report({ kind: 'notice', text })
}

/** Without a list of branches the one that is checked out at the first start ever is synced, and no other. */
async function rememberBranch(engine: GitEngine, config: Config, state: StateStore): Promise<void> {
  if (config.branches !== null || state.value.branches !== null) return
  const { ref } = await engine.head()
  if (ref !== null) state.update({ branches: [ref.replace(/^refs\/heads\//, '')] })
}

async function finishCommit(parts: Parts, board: Board): Promise<void> {
  board.conflicts = await keptHere(parts.engine, parts.state.value)
  if (parts.dryRun) return
  const { committed, failure } = await parts.engine.recover(parts.state.value.journal, parts.journal)
  if (failure !== null) parts.report({ kind: 'failed', what: 'commit', failure })
  if (failure === null) await finishRest(parts)
  if (committed === null) return
  const { oid, paths } = committed
  board.lastCommit = { oid, atMs: parts.clock.nowMs(), paths: paths.map(pathText) }
  parts.report({ kind: 'news', text: `finished commit ${oid.slice(0, 10)}, which a crash had interrupted` })
}

/** Where it cannot be done now it is done before the next commit. */
async function finishRest(parts: Parts): Promise<void> {
  try {
    const failure = await recovered(parts, (count) => parts.report({ kind: 'news', text: wentBack(count) }))
    if (failure !== null && failure.name !== 'locked') parts.report({ kind: 'failed', what: 'commit', failure })
  } catch (error) {
    parts.report({ kind: 'failed', what: 'commit', failure: failureOf(error) })
  }
}

function wentBack(count: number): string {
  const files = count === 1 ? '1 file is' : `${count} files are`
  return `a pull was interrupted: ${files} as before it, and what it had placed there comes with the next one`
}

function watcherOf(
  { engine, clock }: DaemonOptions,
  { watcher }: Config,
  ignores: Ignores,
  onReady: () => void,
  observer: Observer | null,
): EventSource {
  const { root } = engine.repository
  const onNoticed = (path: PathBytes): void => observer?.noticed(path)
  return createEventSource({ root, clock, watcher, skip: ignores.has, skipped: ignores.list, onReady, onNoticed })
}

/** For a single look at the tree, which a reconcile does. */
const nothingToWatch: EventSource = {
  start: async () => {},
  take: () => ({ events: [], rescan: null }),
  health: () => ({ name: 'none', directories: 0, degraded: null }),
  prune: () => {},
  unwatched: () => ({ pruned: [], nested: [] }),
  watch: () => {},
  rewatch: async () => {},
  close: () => {},
}
