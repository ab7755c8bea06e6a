import { lstatSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** In a scratch folder: who made it. */
const fileName = 'owner'
const program = 'workspace-sync'

interface Owner {
  readonly pid: number
  readonly startTick: number
}

/** Where pid and start tick name a process: this run of the machine, this space of processes. null: not known. */
function whereabouts(): { readonly boot: string | null; readonly space: string | null } {
  return {
    boot: readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    space: readOr(() => readlinkSync('/proc/self/ns/pid')),
  }
}

/** @throws the system's error. */
export function writeOwner(directory: string, { pid, startTick }: Owner): void {
  writeFileSync(join(directory, fileName), JSON.stringify({ program, pid, startTick, ...whereabouts() }))
}

/**
 * A folder of this program and this user whose maker can no longer come back to it. A temporary folder is shared: by
 * other users, by containers whose processes cannot be seen from here, and sometimes by other machines.
 * @param isAlive whether such a process lives here
 */
export function isOfTheDead(directory: string, isAlive: (owner: Owner) => boolean): boolean {
  const file = join(directory, fileName)
  if (!isOurs(directory, 'directory') || !isOurs(file, 'file')) return false
  const owner = readOr((): unknown => JSON.parse(readFileSync(file, 'utf8')))
  if (!isWhole(owner) || owner.program !== program) return false
  const here = whereabouts()
  return owner.boot === here.boot && owner.space === here.space && !isAlive(owner)
}

function isOurs(path: string, kind: 'directory' | 'file'): boolean {
  const stat = readOr(() => lstatSync(path))
  if (stat === null || stat.uid !== process.getuid?.()) return false
  return kind === 'file' ? stat.isFile() : stat.isDirectory()
}

function isWhole(owner: unknown): owner is Owner & Readonly<Record<'program' | 'boot' | 'space', unknown>> {
  if (typeof owner !== 'object' || owner === null) return false
  if (!('program' in owner) || !('boot' in owner) || !('space' in owner)) return false
  return (
    'pid' in owner && Number.isSafeInteger(owner.pid) && 'startTick' in owner && Number.isSafeInteger(owner.startTick)
  )
}

function readOr<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    // Gone, not for us, or there is no such thing on this system.
    return null
  }
}
