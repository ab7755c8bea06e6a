import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { pino } from 'pino'
import { masked } from '../tokens.ts'
import { pathsToldMax } from '../types.ts'
import { describe, type ReportLevel, type Reporter } from './narrate.ts'

/**
 * One JSON line per report in `path`. At `bytesMax` the file becomes `<path>.1`, replacing the one before, so that at
 * most twice that is ever kept. A full disk never stops the daemon: lines that cannot be written are dropped.
 */
export function openLog(
  path: string,
  bytesMax: number,
  level: ReportLevel,
): { readonly report: Reporter; close(): void } {
  let fd = openSync(path, 'a', 0o600)
  /** Its number may be anybody's by now: what is written, or closed again, would be another file or connection. */
  let isClosed = false
  let sizeBytes = fstatSync(fd).size
  const rotate = (): void => {
    renameSync(path, `${path}.1`)
    reopen()
  }
  const reopen = (): void => {
    // First the new one: a number that was closed and could not be replaced would soon be another file's.
    const fresh = openSync(path, 'a', 0o600)
    closeSync(fd)
    fd = fresh
    sizeBytes = fstatSync(fd).size
  }
  /** Not when somebody removed or moved the file: what is written to it would be seen by nobody. */
  const isInPlace = (): boolean => {
    const [open, there] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })]
    return there?.ino === open.ino && there.dev === open.dev
  }
  const write = (line: string): void => {
    if (isClosed) return
    try {
      if (!isInPlace()) reopen()
      if (sizeBytes > 0 && sizeBytes + line.length > bytesMax) rotate()
      sizeBytes += writeSync(fd, line)
    } catch {
      // Nowhere is left to tell it; `status` still says what is wrong with the disk.
    }
  }
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => write(masked(line)) },
  )
  return {
    report(report) {
      const { level: loudness, text } = describe(report)
      const { facts: _, kind, ...told } = { facts: null, ...report }
      log[loudness](kind === 'decided' ? { report: kind } : { report: kind, ...shortened(told) }, text)
    },
    close() {
      if (isClosed) return
      isClosed = true
      closeSync(fd)
    },
  }
}

/** Or the line of one large commit would be as long as the log may be. */
function shortened(told: object): object {
  const short = (value: unknown): unknown => (Array.isArray(value) ? value.slice(0, pathsToldMax) : value)
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, short(value)]))
}
