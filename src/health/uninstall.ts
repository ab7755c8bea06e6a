import { existsSync, lstatSync, readdirSync, readlinkSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { stateAtRest } from '../daemon/daemon.ts'
import { SyncError } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import { hookKinds, hookPlace, type HookPlace } from '../hooks/hooks.ts'
import { lookAtConfiguration } from './configuration.ts'
import { lookAtDaemon, lookAtUnsynced } from './daemon.ts'
import type { HealthInput } from './gather.ts'
import type { UnsyncedFact } from './facts.ts'

/** Everything that this program ever puts below a git directory. */
const ownRefs = 'refs/workspace-sync/'

export interface Belongings {
  readonly hooks: readonly string[]
  readonly refs: readonly { readonly name: string; readonly oid: string }[]
  /** null: there is none. */
  readonly state: string | null
  /** Other work trees of the repository that are kept in step, and that need its hooks and refs. */
  readonly sharedWith: readonly string[]
  /** What would not be on the remote. */
  readonly waiting: { readonly paths: number; readonly held: number; readonly commits: number }
}

export async function belongings(input: HealthInput): Promise<Belongings> {
  const { engine } = input
  const { stateDir } = engine.repository
  const place = await hookPlace(engine)
  const sharedWith = otherStates(engine)
  const isShared = sharedWith.length > 0
  return {
    hooks: isShared ? [] : installedIn(place),
    refs: isShared ? [] : await engine.survey.refs(ownRefs),
    state: lstatSync(stateDir, { throwIfNoEntry: false }) === undefined ? null : stateDir,
    sharedWith,
    waiting: await waitingIn(input),
  }
}

/** The daemon knows what it waits for; without one it is looked for. */
async function waitingIn(input: HealthInput): Promise<Belongings['waiting']> {
  const { engine } = input
  const { loaded } = await lookAtConfiguration(input.engine, input.configInput, input.clock)
  const { running, status } = await lookAtDaemon(engine.repository.stateDir, input.version)
  const unsynced: UnsyncedFact = await lookAtUnsynced(engine, await engine.head(), loaded, status !== null)
  if (running === null || status === null) return { ...unsynced, paths: unsynced.paths ?? 0 }
  return { paths: status.pending.length, held: status.held.length, commits: unsynced.commits }
}

/** The work tree's own, and, where nobody else needs them, hooks and refs. Work, commits and settings stay. */
export async function takeAway(input: HealthInput, found: Belongings): Promise<{ readonly kept: readonly string[] }> {
  const { engine, clock } = input
  const { stateDir } = engine.repository
  const claim = found.state === null ? null : stateAtRest.claim(stateDir, clock.nowMs())
  if (found.state !== null && claim === null) {
    throw new SyncError('lock', 'a daemon was started meanwhile', 'stop it, then try again: workspace-sync stop')
  }
  try {
    const place = await hookPlace(engine)
    const removed = found.hooks.length === 0 ? [] : hookKinds.flatMap((kind) => kind.remove(place))
    await engine.survey.removeRefs(found.refs)
    // git leaves the folders of loose refs.
    if (found.sharedWith.length === 0) removeEmptyFolders(join(engine.repository.commonDir, ownRefs))
    if (found.state !== null) removeState(stateDir)
    return { kept: removed.flatMap(({ kept }) => kept) }
  } catch (error) {
    claim?.release()
    throw error
  }
}

function installedIn(place: HookPlace): readonly string[] {
  return hookKinds.flatMap((kind) => {
    const { outcome, path } = kind.look({ place, node: '', program: '' })
    return outcome === 'outdated' || outcome === 'edited' ? [path] : []
  })
}

/** A link in the place of the directory is taken away, and not what it leads to. */
function removeState(stateDir: string): void {
  const socket = join(stateDir, 'control.sock')
  if (lstatSync(socket, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    const target = readlinkSync(socket)
    // Only a socket of ours, in a folder of ours: its path was too long for its usual place.
    if (basename(dirname(target)).startsWith('workspace-sync') && target.endsWith('.sock')) {
      rmSync(target, { force: true })
      removeIfEmpty(dirname(target))
    }
  }
  rmSync(stateDir, { recursive: true, force: true })
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch {
    // It holds something that is not ours, or is not there.
  }
}

function removeEmptyFolders(directory: string): void {
  const entries = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : []
  for (const entry of entries) if (entry.isDirectory()) removeEmptyFolders(join(directory, entry.name))
  removeIfEmpty(directory)
}

function otherStates({ repository }: GitEngine): readonly string[] {
  const { commonDir, stateDir } = repository
  const linked = join(commonDir, 'worktrees')
  const names = existsSync(linked) ? readdirSync(linked) : []
  const all = [join(commonDir, 'workspace-sync'), ...names.map((name) => join(linked, name, 'workspace-sync'))]
  return all.filter((directory) => directory !== stateDir && existsSync(directory))
}
