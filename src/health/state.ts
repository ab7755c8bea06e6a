import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { stateAtRest } from '../daemon/daemon.ts'
import { errnoOf } from '../errors.ts'
import { shellWord } from '../shell.ts'
import type { StateFact } from './facts.ts'

const sqliteHead = 'SQLite format 3\0'
type Damage = StateFact['damaged'][number]

/** Nobody can use it any more: a new one may be begun. */
export const spoiled = 'is damaged'
const newer = 'was written by a newer version of this program'

/** Whether the files that the daemon keeps can be used by its next start. */
export function lookAtState(directory: string, program: string): StateFact {
  const stat = statSync(directory, { throwIfNoEntry: false })
  if (stat === undefined) return { exists: false, directory, damaged: [], isOpen: false }
  const fix = `${program} doctor --fix`
  const looks: readonly (readonly [string, () => string | null, string])[] = [
    ['', () => (readdirSync(directory), null), `chmod u+rwx ${shellWord(directory)}`],
    ['state.json', () => stateFault(directory), fix],
    ['status.json', () => jsonFault(join(directory, 'status.json')), `${program} restart`],
    ['journal.db', () => databaseFault(join(directory, 'journal.db')), fix],
  ]
  const damaged = looks.flatMap(([name, look, remedy]) => damageOf(join(directory, name), look, remedy))
  return { exists: true, directory, damaged: damaged.slice(0, 3), isOpen: (stat.mode & 0o077) !== 0 }
}

function damageOf(name: string, look: () => string | null, remedy: string): readonly Damage[] {
  try {
    const why = look()
    if (why === newer) return [{ name, why, remedy: `mv ${shellWord(name)} ${shellWord(`${name}.newer`)}` }]
    return why === null ? [] : [{ name, why, remedy }]
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'ENOENT') return []
    const why = `cannot be read (${code ?? String(error)})`
    return [
      {
        name,
        why,
        remedy:
          code === 'EACCES'
            ? `sudo chown -R "$(id -un)" ${shellWord(name)} && chmod -R u+rwX ${shellWord(name)}`
            : remedy,
      },
    ]
  }
}

function stateFault(directory: string): string | null {
  readFileSync(join(directory, 'state.json'))
  if (stateAtRest.read(directory) !== null) return null
  return stateAtRest.isNewer(directory) ? newer : spoiled
}

function jsonFault(path: string): string | null {
  try {
    JSON.parse(readFileSync(path, 'utf8'))
    return null
  } catch (error) {
    if (error instanceof SyntaxError) return spoiled
    throw error
  }
}

function databaseFault(path: string): string | null {
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(sqliteHead.length)
    const count = readSync(fd, head, 0, head.length, 0)
    return count === 0 || head.toString('latin1') === sqliteHead ? null : spoiled
  } finally {
    closeSync(fd)
  }
}
