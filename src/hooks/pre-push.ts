import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { errnoOf, SyncError } from '../errors.ts'
import type { HookKind, HookPlace, Installed, InstallInput, Removed } from './kind.ts'
import { savedName, wrapperIn, wrapperText } from './wrapper.ts'

const hookName = 'pre-push'
/** A hook is a script or a small program; a larger file is not ours and is not read. */
const wrapperBytesMax = 64 * 1024
/** Edited wrappers kept beside each other; more of them are somebody's mistake. */
const editedMax = 100

export const prePush: HookKind = {
  name: hookName,
  install(input) {
    const { directory } = input.place
    refuseForeignFolder(input)
    const madeFolder = mkdirSync(directory, { recursive: true }) !== undefined
    const path = join(directory, hookName)
    const found = lookAt(path)
    if (found.kind === 'directory') throw notAHook(path)
    if (found.kind === 'ours' && found.isEdited) return { outcome: 'edited', path, chained: chainedIn(directory) }
    const text = wrapperText({ ...input, madeFolder: madeFolder || (found.kind === 'ours' && found.madeFolder) })
    if (found.kind === 'ours' && found.text === text) {
      return { outcome: 'unchanged', path, chained: chainedIn(directory) }
    }
    if (found.kind === 'foreign') setAside(path, join(directory, savedName))
    writeHook(path, text)
    const outcome: Installed['outcome'] = found.kind === 'ours' ? 'updated' : 'installed'
    return { outcome, path, chained: chainedIn(directory) }
  },
  remove: (place) => placesOf(place).map(removeFrom),
  look({ place, node, program }) {
    const path = join(place.directory, hookName)
    const found = lookAt(path)
    if (found.kind !== 'ours') {
      return { outcome: chainedIn(place.directory) === null ? 'absent' : 'replaced', path }
    }
    if (found.isEdited) return { outcome: 'edited', path }
    const isCurrent = found.text === wrapperText({ node, program, madeFolder: found.madeFolder })
    return { outcome: isCurrent ? 'installed' : 'outdated', path }
  },
}

/** It may have been installed before `core.hooksPath` was set, or after. */
function placesOf({ directory, ownDirectory }: HookPlace): readonly string[] {
  return [...new Set([directory, ownDirectory])]
}

type Found =
  | { readonly kind: 'nothing' | 'directory' | 'foreign' }
  | { readonly kind: 'ours'; readonly text: string; readonly isEdited: boolean; readonly madeFolder: boolean }

function lookAt(path: string): Found {
  let stat
  try {
    stat = lstatSync(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return { kind: 'nothing' }
    throw error
  }
  if (stat.isDirectory()) return { kind: 'directory' }
  if (!stat.isFile() || stat.size > wrapperBytesMax) return { kind: 'foreign' }
  const text = readFileSync(path, 'utf8')
  const wrapper = wrapperIn(text)
  return wrapper === null ? { kind: 'foreign' } : { kind: 'ours', text, ...wrapper }
}

/** Where hooks are switched off, as with `core.hooksPath=/dev/null`, nothing lies below what is no folder. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return false
    throw error
  }
}

function chainedIn(directory: string): string | null {
  const saved = join(directory, savedName)
  return isThere(saved) ? saved : null
}

/** A second name first, so that no push finds the place empty; the file itself is never written, or read. */
function setAside(path: string, saved: string): void {
  if (isThere(saved)) {
    const message = `${path} was replaced by another program since the hook that was there before was saved as ${saved}`
    throw new SyncError('usage', message, `remove the one that is not needed, or join them: rm '${saved}'`)
  }
  try {
    linkSync(path, saved)
  } catch {
    // A file system without second names.
    renameSync(path, saved)
  }
}

function writeHook(path: string, text: string): void {
  const temporary = `${path}.workspace-sync-${process.pid}`
  try {
    writeFileSync(temporary, text, { mode: 0o755 })
    // Whatever the umask says: git passes over a hook that cannot be run.
    chmodSync(temporary, 0o755)
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function removeFrom(directory: string): Removed {
  const path = join(directory, hookName)
  const saved = chainedIn(directory)
  const found = lookAt(path)
  if (found.kind !== 'ours') {
    return saved === null ? { outcome: 'absent', path, kept: [] } : { outcome: 'replaced', path, kept: [saved] }
  }
  const kept = found.isEdited ? [keepEdited(path)] : []
  if (saved !== null) renameSync(saved, path)
  else if (!found.isEdited) unlinkSync(path)
  if (found.madeFolder) removeIfEmpty(directory)
  return { outcome: 'removed', path, kept }
}

/** What somebody wrote into the wrapper is theirs. */
function keepEdited(path: string): string {
  for (let count = 1; count <= editedMax; count += 1) {
    const kept = `${path}.edited-${count}`
    if (isThere(kept)) continue
    renameSync(path, kept)
    return kept
  }
  throw new SyncError(
    'system',
    `${editedMax} edited hooks lie beside ${path}`,
    `remove some of them: rm '${path}'.edited-*`,
  )
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch (error) {
    const code = errnoOf(error)
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error
  }
}

function refuseForeignFolder({ place, anywhere }: InstallInput): void {
  const { directory } = place
  const isThereAlready = isThere(directory)
  if (isThereAlready && !statSync(directory).isDirectory()) {
    const message = `core.hooksPath is ${directory}, which is no folder: hooks are switched off here`
    throw new SyncError('usage', message, 'switch them on: git config --unset core.hooksPath')
  }
  // The folder may be a link that leads into the work tree.
  const real = isThereAlready ? realpathSync(directory) : directory
  if (anywhere || isBelow(real, realpathSync(place.commonDir))) return
  const what = isBelow(real, realpathSync(place.root))
    ? `${directory} is part of the work tree: a hook written there would be committed`
    : `${directory} is outside of this repository: a hook written there may serve others too`
  const hint =
    'call it from your own pre-push there: workspace-sync health --pre-push --stdin "$@"; ' +
    'or write there all the same: workspace-sync hooks install pre-push --anywhere'
  throw new SyncError('usage', what, hint)
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

function notAHook(path: string): SyncError {
  return new SyncError(
    'usage',
    `${path} is a folder, which git cannot run`,
    `move it away, then try again: mv '${path}' '${path}.folder'`,
  )
}
