/**
 * The one door to git. What is here is said by `GitEngine`; which engine stands behind it is decided by
 * `openRepository`.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SyncError, errnoOf } from '../errors.ts'
import { processes, systemClock } from '../platform/platform.ts'
import type { Clock } from '../platform/platform.ts'
import { gitsAtWork as gitsWorking } from './at-work.ts'
import { createClaims } from './claims.ts'
import { systemDisk } from './disk.ts'
import type { Disk } from './disk.ts'
import type { GitEngine, Repository } from './engine.ts'
import { gitEnvironment, objectsIn } from './environment.ts'
import { failureOfErrno, repositoryError } from './failures.ts'
import { createNativeEngine } from './native.ts'
import { probeRepository } from './probe.ts'
import { createGit } from './run.ts'
import type { Git } from './run.ts'
import { createSettings } from './settings.ts'
import { shipmentMinDefault } from './shipment.ts'
import { createHurry, deadlinesDefault } from './workbench.ts'
import type { Deadlines, Workbench } from './workbench.ts'
import type { Condition } from './embedded/conditions.ts'

export type {
  AutomaticCommit,
  BlobOrigin,
  CommitSummary,
  GitEngine,
  GitPause,
  Head,
  Provenance,
  PushRequest,
  Repository,
  Upstream,
  WrittenBlob,
} from './engine.ts'
/** See `at-work.ts`. */
export const gitsAtWork = (repository: Repository): ReturnType<typeof gitsWorking> =>
  gitsWorking(systemDisk, repository)
export { makeScratch, type RemoteCommit, type Scratch } from './scratch.ts'
export type { AdvanceOutcome, CommitChange, Authorship, Merged, Merging, OpenPath, Versions } from './merge-engine.ts'
export type { CommitJournal, JournalEntry, Recovery } from './journal-entry.ts'
export type { OutgoingChange } from './outgoing-parse.ts'
export { isPartOf } from './ancestry.ts'
export { isOvergrown } from './submodules.ts'
export type { Coming, Reached } from './reached.ts'
export type { Integrity, Ref, Survey } from './survey.ts'

export interface OpenOptions {
  /** The environment to hand on; what would lead git elsewhere is taken out. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
  readonly deadlines?: Partial<Deadlines>
  readonly preCommit?: 'skip' | 'run'
  /** A test ships fewer. */
  readonly shipmentMin?: number
  /** Nothing is written below the git directory: blobs go to a scratch directory that `close` removes. */
  readonly readOnly?: boolean
  readonly disk?: Disk
  /** auto: the git on PATH, and where there is none the engine that needs none. */
  readonly engine?: 'auto' | 'native' | 'embedded'
  /** Wraps what starts git; for tests that let any call fail. */
  readonly wrapGit?: (git: Git) => Git
  /** For tests: the compiled thread of the engine without git, and another judgement of the repository. */
  readonly transferEntry?: URL
  readonly conditions?: () => readonly Condition[]
}

/**
 * The work tree around `directory`, by the engine that was chosen: `auto` takes the git on PATH wherever there is one.
 * @throws SyncError kind `repository` (none, bare, another user's, not readable, or not for the engine without git) or
 * `system` (git missing or too old).
 */
export async function openRepository(directory: string, options: OpenOptions): Promise<GitEngine> {
  // A missing working directory and a missing git look the same to whoever starts a process.
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SyncError('repository', `${directory} is not a directory`, 'name an existing git work tree')
  }
  const environment = gitEnvironment(options.environment)
  const repository = await chosenRepository(directory, environment, options.engine ?? 'auto')
  const disk = options.disk ?? systemDisk
  const scratch = options.readOnly === true ? makeScratch() : null
  if (scratch === null) makeStateDirectory(disk, repository.place.stateDir)
  const clock = options.clock ?? systemClock
  const deadlines = { ...deadlinesDefault, ...options.deadlines }
  const hurry = createHurry(clock, deadlines.hurryMs)
  const place = { ...repository.place, stateDir: scratch ?? repository.place.stateDir }
  const bench = {
    repository: place,
    claims: createClaims({ repository: place, disk, clock }),
    disk,
    clock,
    deadlines,
    hurry,
    preCommit: options.preCommit ?? 'skip',
    shipmentMin: options.shipmentMin ?? shipmentMinDefault,
    scratch,
  }
  const engine = await (repository.engine === 'native'
    ? openNative(bench, environment, options, scratch)
    : openWithoutGit(bench, environment, options, scratch))
  if (scratch === null) return engine
  const close = async (): Promise<void> => {
    await engine.close()
    rmSync(scratch, { recursive: true, force: true })
  }
  return { ...engine, repository: repository.place, close }
}

type Chosen = { readonly engine: 'native' | 'embedded'; readonly place: Repository }
type Bench = Omit<Workbench, 'git' | 'settings'>

/** Without git, or with one that is too old, the other engine is asked; why it will not do either is what is told. */
async function chosenRepository(
  directory: string,
  environment: Readonly<Record<string, string>>,
  wanted: 'auto' | 'native' | 'embedded',
): Promise<Chosen> {
  const embedded = async (): Promise<Chosen> => {
    const { probeEmbedded } = await import('./embedded/probe.ts')
    return { engine: 'embedded', place: probeEmbedded(directory, environment) }
  }
  if (wanted === 'embedded') return embedded()
  try {
    return { engine: 'native', place: await probeRepository(createGit(directory, environment), directory) }
  } catch (error) {
    if (wanted === 'native' || !(error instanceof SyncError) || error.kind !== 'system') throw error
    return embedded().catch((other: unknown) => {
      if (!(other instanceof SyncError) || !Array.isArray(other.cause)) throw other
      throw new SyncError('system', `${error.message}, and ${other.message}`, error.hint, other)
    })
  }
}

/** Loaded only where it is the engine: isomorphic-git has no place in a process that starts git. */
async function openWithoutGit(
  bench: Bench,
  environment: Readonly<Record<string, string>>,
  { transferEntry, conditions }: OpenOptions,
  scratch: string | null,
): Promise<GitEngine> {
  const { openEmbedded } = await import('./embedded/open.ts')
  return openEmbedded(bench, environment, scratch, {
    ...(transferEntry === undefined ? {} : { transferEntry }),
    ...(conditions === undefined ? {} : { conditions }),
  })
}

async function openNative(
  bench: Bench,
  environment: Readonly<Record<string, string>>,
  options: OpenOptions,
  scratch: string | null,
): Promise<GitEngine> {
  const { repository, disk, hurry } = bench
  // git writes objects to the scratch directory and still finds the repository's own.
  const written =
    scratch === null ? environment : { ...environment, ...objectsIn(scratch, join(repository.commonDir, 'objects')) }
  const wrap = options.wrapGit ?? ((git: Git) => git)
  const found = { ...written, ...(await leadingTo(repository, environment)) }
  const git = endedBy(hurry.signal, wrap(createGit(repository.root, found)))
  const settings = createSettings(git, disk, repository, environment)
  return createNativeEngine({ ...bench, git, settings }, options.environment)
}

/** From a work tree that lies elsewhere (`core.worktree`) nothing leads to its repository. */
async function leadingTo(
  { root, gitDir }: Repository,
  environment: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  if (gitDir === join(root, '.git')) return {}
  const args = ['rev-parse', '--absolute-git-dir']
  const { stdout } = await createGit(root, environment).run({ args, deadlineMs: deadlinesDefault.plumbingMs })
  if (stdout.toString('utf8').replace(/\n$/, '') === gitDir) return {}
  return { GIT_DIR: gitDir, GIT_WORK_TREE: root }
}

/** Nothing that git does is waited for any longer then. */
function endedBy(signal: AbortSignal, git: Git): Git {
  return { ...git, run: (call) => git.run({ ...call, signal }) }
}

/** It names its maker: what a killed process leaves behind can be told from what is in use. */
function makeScratch(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'workspace-sync-'))
  processes.scratch.claim(scratch)
  return scratch
}

function makeStateDirectory(disk: Disk, directory: string): void {
  try {
    disk.makeDirectory(directory)
  } catch (error) {
    const code = errnoOf(error)
    if (code === null || !(error instanceof Error)) throw error
    throw repositoryError(failureOfErrno(code, error.message))
  }
}
