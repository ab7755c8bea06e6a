/** One daemon of one workspace: builds the real parts, holds the lock, and stops them in order. */
import { basename, join } from 'node:path'
import { createControlServer, type ControlServer } from '../control/control.ts'
import { assert } from '../errors.ts'
import { createStateWatch, type StateWatch } from '../events/events.ts'
import { lookAt, processes, type ProcessIdentity } from '../platform/platform.ts'
import type { FlushResult } from '../schedule/schedule.ts'
import type { PathBytes } from '../types.ts'
import { assemble, type Assembly } from './assemble.ts'
import { branchDirectories } from './branch-directories.ts'
import { tidy } from './conditions.ts'
import { watchConfig, type ConfigWatch } from './config-watch.ts'
import { decisionsFor } from './decision-stream.ts'
import { controlHandlers } from './handlers.ts'
import { goneMsMax } from './home.ts'
import type { DaemonOptions } from './options.ts'
import { createNotifier } from './notify.ts'
import { indexChanged } from './reconcile.ts'
import type { Live } from './live.ts'
import { takeLock, unclaimedLock, type LockResult } from './lock.ts'
import { clearStateDir, clearTemporaries } from './state-dir.ts'
import { createStatusWriter, type StatusSource, type StatusWriter } from './status.ts'

export { createDryJudge, type DryJudge, type DryVerdict } from './dry-judge.ts'
export { buildClassifier } from './classifier.ts'
export type { Acknowledgement, Word } from './acknowledged.ts'
export type { Held } from './held-now.ts'
export { lockOwner } from './lock.ts'
export type { DaemonOptions } from './options.ts'
export { stateAtRest } from './at-rest.ts'
export type { StartedWith } from './state-schema.ts'
export type { Side } from './choose-conflict.ts'
export type { ResolveAnswer } from './conflicts.ts'
export type { OpenConflict } from './open-conflicts.ts'
export type { UndoAnswer } from './undo.ts'

export interface Daemon {
  /** Resolves when everything is released. Rejects on a bug of ours. */
  readonly ended: Promise<void>
  sync(paths: readonly PathBytes[] | null): Promise<FlushResult>
  stop(reason: string): void
}

export type DaemonStart =
  { readonly kind: 'started'; readonly daemon: Daemon } | { readonly kind: 'running'; readonly owner: ProcessIdentity }

/** How long changes in the git directory gather: one command of git makes, fills and renames several files. */
const gitGatherMs = 50
/** Our own writes are noticed, too: a storm of them is looked at four times a second at most. */
const ownGatherMs = 250

/**
 * Starts the daemon of a workspace, unless one is living. Resolves when everything is watched, the tree was looked at
 * once, and commands are answered.
 * @throws SyncError for rules, configuration or a repository that cannot be used; the system's error when the git
 * directory cannot be written.
 */
export async function startDaemon(options: DaemonOptions): Promise<DaemonStart> {
  const us = processes.identity(process.pid)
  assert(us !== null, 'the running process has an identity')
  const moved = options.dryRun ? [] : clearStateDir(options.engine.repository.stateDir, options.clock.nowMs())
  const claim = claimWorkspace(options, us)
  if (claim.kind === 'theirs') return { kind: 'running', owner: claim.owner }
  try {
    const assembly = await assemble(options, claim.lock)
    for (const text of moved) assembly.parts.report({ kind: 'notice', text })
    return { kind: 'started', daemon: await run(options, assembly, us) }
  } catch (error) {
    claim.lock.release()
    throw error
  }
}

function claimWorkspace(options: DaemonOptions, us: ProcessIdentity): LockResult {
  if (options.dryRun) return { kind: 'ours', lock: unclaimedLock }
  const { stateDir } = options.engine.repository
  const claim = takeLock(stateDir, us, options.clock.nowMs())
  if (claim.kind === 'ours') clearTemporaries(stateDir, (pid) => processes.identity(pid) !== null)
  return claim
}

async function run(options: DaemonOptions, assembly: Assembly, us: ProcessIdentity): Promise<Daemon> {
  const { parts, board, pipeline } = assembly
  const { ref } = board.head
  board.remoteAddress = ref === null ? null : ((await parts.engine.upstream(ref))?.address ?? null)
  const source: StatusSource = {
    identity: us,
    version: options.version,
    startedAtMs: parts.clock.nowMs(),
    view: () => pipeline.view(),
  }
  let stopped: string | null = null
  const stop = (reason: string): void => {
    if (stopped === null) parts.report({ kind: 'stopped', reason })
    stopped ??= reason
    pipeline.stop()
    parts.engine.hurry()
  }
  const outside = options.dryRun ? null : await openOutside(options, assembly, source, stop)
  await parts.source.start()
  const stateWatch = watchGit(assembly)
  const ownWatch = outside === null ? null : watchOwnFiles(assembly, outside)
  const configWatch = options.watch ? watchConfig(options.config, parts.clock, () => void parts.live.reload()) : null
  const branch = ref?.replace(/^refs\/heads\//, '') ?? null
  const workspace = parts.engine.repository.root
  const firstLook = firstLookOf(assembly, outside, stop)
  const ended = runToTheEnd(assembly, outside, [stateWatch, ownWatch, configWatch, parts.live], () => stopped)
  await Promise.race([firstLook, ended])
  parts.report({ kind: 'started', workspace, branch, remote: board.remoteAddress })
  return { ended, sync: (paths) => pipeline.sync(paths), stop }
}

/** Resolves when it is known what lies there uncommitted, or that it cannot be known: `status` has an answer then. */
function firstLookOf(
  { parts, pipeline, onTurn }: Assembly,
  outside: Outside | null,
  stop: (reason: string) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let turns = 0
    onTurn(() => {
      if (parts.home.goneForMs() > goneMsMax) stop('the workspace is gone')
      if (parts.home.isGone()) return
      outside?.status.touch()
      // Also where the directory cannot be watched.
      void outside?.control.tend()
      if (turns > 1 || !(pipeline.hasReconciled() || pipeline.view().lookTrouble)) return
      turns += 1
      // What was found says whether the first sync has to be agreed to: the turn after it knows.
      if (turns === 1) {
        pipeline.doubt()
        pipeline.ring()
        return
      }
      outside?.status.write()
      resolve()
    })
  })
}

type Closing = readonly (StateWatch | ConfigWatch | Live | null)[]

async function runToTheEnd(
  assembly: Assembly,
  outside: Outside | null,
  watches: Closing,
  why: () => string | null,
): Promise<void> {
  let isBug = true
  try {
    await assembly.pipeline.run()
    isBug = false
  } finally {
    await release(assembly, outside, watches, isBug ? null : why())
  }
}

/** What others can see of the daemon. */
interface Outside {
  readonly status: StatusWriter
  readonly control: ControlServer
}

async function openOutside(
  options: DaemonOptions,
  { parts, board, pipeline }: Assembly,
  source: StatusSource,
  stop: (reason: string) => void,
): Promise<Outside> {
  const status = createStatusWriter(parts, board, source, (again) =>
    createNotifier(parts, source.identity, options.environment, () => board.conflicts, again),
  )
  const control = await createControlServer({
    stateDir: parts.engine.repository.stateDir,
    runtimeDir: options.environment['XDG_RUNTIME_DIR'] ?? null,
    temporaryDir: options.temporaryDir,
    userId: process.getuid?.() ?? 0,
    debug: ({ globs }, tell) => parts.listeners.add(decisionsFor(globs, parts.clock.nowMs, tell)),
    handlers: controlHandlers(parts, board, pipeline, source, stop, status.write),
    onError: (error) => parts.report({ kind: 'notice', text: `a command failed: ${String(error)}` }),
  })
  return { control, status }
}

/** HEAD, branches, an operation in progress, and what git is told to ignore: all of it shows in these directories. */
function watchGit(assembly: Assembly): StateWatch {
  const { parts, pipeline } = assembly
  const { gitDir, commonDir } = parts.engine.repository
  const directories = [gitDir, commonDir, join(commonDir, 'refs', 'heads'), join(commonDir, 'info')]
  return createStateWatch({
    directories: [...new Set(directories)],
    more: () => branchDirectories(parts.engine.repository),
    clock: parts.clock,
    gatherMs: gitGatherMs,
    onChange(names) {
      pipeline.doubt()
      // Somebody may have unstaged or settled what was held for it.
      if (names.includes('index') && isIndexNews(assembly)) {
        pipeline.tell({ kind: 'reconcile-wanted', reason: indexChanged })
      }
      if (names.includes('exclude') || names.includes('config')) void rereadIgnores(assembly)
      if (names.includes('config')) pipeline.tell({ kind: 'circumstances' })
      pipeline.ring()
    },
  })
}

/** A clean-up by hand takes away what others see of a daemon; it is there again before they look twice. */
function watchOwnFiles({ parts }: Assembly, { status, control }: Outside): StateWatch {
  const { stateDir, gitDir } = parts.engine.repository
  const names = [basename(stateDir), 'status.json', 'control.sock']
  return createStateWatch({
    directories: [stateDir, gitDir],
    clock: parts.clock,
    gatherMs: ownGatherMs,
    onChange(changed) {
      if (!names.some((name) => changed.includes(name)) || parts.home.isGone()) return
      try {
        tidy(parts)
      } catch {
        // It cannot be written just now; the next commit would say so.
        return
      }
      status.mend()
      void control.tend()
    },
  })
}

function isIndexNews({ parts, board, pipeline }: Assembly): boolean {
  if (lookAt(parts.engine.repository.indexPath)?.fingerprint === board.ownIndex) return false
  return pipeline.view().held.length > 0
}

async function rereadIgnores({ parts, board, pipeline }: Assembly): Promise<void> {
  try {
    board.dealt.clear()
    board.stored.clear()
    await parts.ignores.refresh()
    await parts.source.rewatch()
  } catch (error) {
    pipeline.tell({ kind: 'reconcile-wanted', reason: `git cannot say what it ignores: ${String(error)}` })
  }
}

/** Nobody is answered any more, then nothing is watched, then git's helpers end, then the lock goes. */
async function release(
  assembly: Assembly,
  outside: Outside | null,
  watches: Closing,
  why: string | null,
): Promise<void> {
  const { parts } = assembly
  const steps: readonly (() => void | Promise<void>)[] = [
    () => outside?.control.close(),
    ...watches.map((watch) => () => watch?.close()),
    () => parts.source.close(),
    () => parts.observer?.close(),
    () => parts.engine.close(),
    () => outside?.status.close(parts.home.isGone() ? null : why),
    () => (outside === null ? undefined : assembly.saveState()),
    () => assembly.closeRecords(),
    () => parts.lock.release(),
  ]
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      // A disk that is full or gone must not keep the rest from being released.
      parts.report({ kind: 'notice', text: `stopping: ${String(error)}` })
    }
  }
}
