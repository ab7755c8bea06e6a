import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { errnoOf } from '../errors.ts'

/** Read at once while following. */
const chunkBytes = 64 * 1024
/** A line longer than this is shown in pieces. */
const lineBytesMax = 1024 * 1024

/** The last lines of a log, from the rotated file before it too where that is needed; null: there is none yet. */
export function lastLines(path: string, count: number): readonly string[] | null {
  const now = linesOf(path)
  const before = now !== null && now.length >= count ? null : linesOf(`${path}.1`)
  if (now === null && before === null) return null
  return [...(before ?? []), ...(now ?? [])].slice(-count)
}

function linesOf(path: string): readonly string[] | null {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

/** What is written behind the end that a log had, across rotations and daemons that start anew. */
export interface Follower {
  /** Whole lines that came since. @throws the system's error when the log cannot be read. */
  take(): readonly string[]
  close(): void
}

export function followFile(path: string): Follower {
  let open = openAt(path, 'end')
  let rest = Buffer.alloc(0)
  const takeRest = (): readonly string[] => {
    if (open === null) return []
    const buffer = Buffer.alloc(chunkBytes)
    const lines: string[] = []
    // A file that got shorter was begun anew.
    if (fstatSync(open.fd).size < open.at) open.at = 0
    for (;;) {
      const length = readSync(open.fd, buffer, 0, chunkBytes, open.at)
      if (length === 0) return lines
      open.at += length
      rest = Buffer.concat([rest, buffer.subarray(0, length)])
      const end = rest.length > lineBytesMax ? rest.length : rest.lastIndexOf(0x0a)
      if (end < 0) continue
      lines.push(...rest.subarray(0, end).toString('utf8').split('\n').filter(Boolean))
      rest = rest.subarray(end + 1)
    }
  }
  return {
    take() {
      const lines = [...takeRest()]
      const identity = identityOf(path)
      if (identity === null || identity === open?.identity) return lines
      // Renamed away: what was written to it last has been read by now.
      if (open !== null) closeSync(open.fd)
      rest = Buffer.alloc(0)
      open = openAt(path, 'begin')
      return [...lines, ...takeRest()]
    },
    close() {
      if (open !== null) closeSync(open.fd)
    },
  }
}

interface Open {
  readonly fd: number
  readonly identity: string
  at: number
}

function openAt(path: string, where: 'begin' | 'end'): Open | null {
  try {
    const fd = openSync(path, 'r')
    const { dev, ino, size } = fstatSync(fd)
    return { fd, identity: `${dev}.${ino}`, at: where === 'end' ? size : 0 }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

function identityOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.dev}.${stat.ino}`
}
