import { accessSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../errors.ts'

/** Plain files that can be made anew without loss. */
const replaceable = [
  'status.json',
  'last-status.json',
  'notices.json',
  'daemon.log',
  'daemon.log.1',
  'index',
  'index-copy',
  'lock-token',
  'COMMIT_EDITMSG',
]
/** The lock of a living daemon, what was agreed to, and the socket, which may also be a link to a shorter address. */
const others = ['daemon.lock', 'state.json', 'control.sock']

/**
 * Moves aside what lies in the state directory under a name of ours and cannot be a file of ours: a directory, a link
 * that leads elsewhere, or a file that this user may not open, as a start by `sudo` leaves it. Makes the directory when
 * it is gone, and nothing above it.
 * @returns what was moved, as shown to people. @throws the system's error when the directory cannot be written.
 */
export function clearStateDir(stateDir: string, nowMs: number): readonly string[] {
  if (!existsSync(stateDir)) mkdirSync(stateDir, { mode: 0o700 })
  return [...others, ...replaceable].flatMap((name) => {
    const path = join(stateDir, name)
    const fault = faultOf(name, path)
    if (fault === null) return []
    const aside = `${path}.aside-${nowMs}`
    renameSync(path, aside)
    return [`${path} ${fault}; it is kept as ${aside} and a new one begun`]
  })
}

/** What writers that were killed in the middle of a write left beside its place; the pid is in the name. */
export function clearTemporaries(stateDir: string, isAlive: (pid: number) => boolean): void {
  for (const name of readdirSync(stateDir)) {
    const pid = /\.json\.(\d+)\.tmp$/.exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(stateDir, name), { force: true })
  }
}

function faultOf(name: string, path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const isStrange = stat.isDirectory() || (stat.isSymbolicLink() && name !== 'control.sock')
  if (isStrange) return 'was no file of this program'
  return replaceable.includes(name) && isClosed(path) ? 'may not be opened by this user' : null
}

function isClosed(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return false
  } catch (error) {
    // A disk that takes no writes is another matter: the file could not be moved there either.
    return errnoOf(error) === 'EACCES'
  }
}
