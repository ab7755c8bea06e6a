import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path'
import { SyncError } from '../errors.ts'
import { pathBytes, pathOfLatin1, pathText, type PathBytes } from '../types.ts'
import { noDaemon, notInArgument, noWorkTree, outsideWorkspace } from './messages.ts'
import { unquotedName } from './quoted-name.ts'
import { findWorkspace, type Workspace } from './workspace.ts'

/** @throws SyncError `repository` outside of a work tree. */
export function requireWorkspace(directory: string): Workspace {
  const workspace = findWorkspace(directory)
  if (workspace !== null) return workspace
  const { message, hint } = noWorkTree(directory)
  throw new SyncError('repository', message, hint)
}

/** The error of a command that needs a daemon. */
export function noDaemonError(root: string): SyncError {
  const { message, hint } = noDaemon(root)
  return new SyncError('no-daemon', message, hint)
}

/**
 * Paths as typed, relative to `directory`, to paths of the workspace; the root itself is ''. They need not exist. What
 * cannot be typed may be given as git prints it: `"a\377"`.
 * @throws SyncError `usage` for one that lies outside.
 */
export function workspacePaths(root: string, directory: string, args: readonly string[]): readonly PathBytes[] {
  return args.flatMap((argument) => {
    const bytes = pathBytes(argument)
    const name = nameMeant(directory, bytes)
    if (name !== bytes) return workspaceBytes(root, directory, [name])
    if (argument.includes('\ufffd') && !lies(directory, bytes)) {
      const { message, hint } = notInArgument(argument)
      throw new SyncError('usage', message, hint)
    }
    const absolute = resolve(directory, argument)
    const inside = below(root, absolute) ?? below(real(root), join(real(dirname(absolute)), basename(absolute)))
    if (inside !== null) return pathBytes(inside)
    const { message, hint } = outsideWorkspace(argument, root)
    throw new SyncError('usage', message, hint)
  })
}

/**
 * The same for names as bytes (one a unit), which need not be UTF-8.
 * @throws SyncError `usage` for one that lies outside.
 */
export function workspaceBytes(root: string, directory: string, names: readonly string[]): readonly PathBytes[] {
  const rootBytes = pathBytes(root)
  return names.map((name) => {
    const absolute = posix.resolve(pathBytes(directory), name)
    const inside = below(rootBytes, absolute) ?? below(pathBytes(real(root)), absolute)
    if (inside !== null) return pathOfLatin1(inside)
    const { message, hint } = outsideWorkspace(pathText(pathOfLatin1(name)), root)
    throw new SyncError('usage', message, hint)
  })
}

/** A name of the form in which git prints others is taken for such a one, unless that very name lies there. */
export function nameMeant(directory: string, name: string): string {
  const unquoted = unquotedName(name)
  return unquoted === null || lies(directory, name) ? name : unquoted
}

function lies(directory: string, name: string): boolean {
  const path = Buffer.from(posix.resolve(pathBytes(directory), name), 'latin1')
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function below(root: string, absolute: string): string | null {
  const path = relative(root, absolute)
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? null : path
}

/** A workspace reached through a link has two names; what does not exist has the one it was given. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
