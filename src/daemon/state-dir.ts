import { lstatSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/** Plain files, all of them; the socket may also be a link to where its address is short enough. */
const ours = [
  'daemon.lock',
  'state.json',
  'status.json',
  'last-status.json',
  'daemon.log',
  'index',
  'index-copy',
  'lock-token',
  'COMMIT_EDITMSG',
  'control.sock',
]

/**
 * Moves aside what lies in the state directory under a name of ours and cannot be a file of ours: a directory, or a
 * link that leads elsewhere. Makes the directory when it is gone.
 * @returns what was moved, as shown to people. @throws the system's error when the directory cannot be written.
 */
export function clearStateDir(stateDir: string, nowMs: number): readonly string[] {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  return ours.flatMap((name) => {
    const path = join(stateDir, name)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    const isStrange = stat?.isDirectory() === true || (stat?.isSymbolicLink() === true && name !== 'control.sock')
    if (!isStrange) return []
    const aside = `${path}.aside-${nowMs}`
    renameSync(path, aside)
    return [`${path} was no file of this program; it is kept as ${aside} and a new one begun`]
  })
}
