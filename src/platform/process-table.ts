import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, statSync } from 'node:fs'
import { processStat, type ProcessStat } from '../living.ts'
import { isWriteMode, parseWritten, terminalPath } from './proc-text.ts'

/** Which file a process runs. All of it is empty for a zombie. */
export interface ProgramFacts {
  /** The file that the kernel runs; no process can change what this says, except by running another file. */
  readonly executable: string
  /** As given at the start; a process may overwrite them. */
  readonly args: readonly string[]
  directory(): string
}

/** The bytes that one process has written, read again and again without naming it by a pid that may be reused. */
export interface WrittenCounter {
  /** gone: the process has ended and was reaped. hidden: it is not ours to look at. */
  read(): number | 'gone' | 'hidden'
  close(): void
}

/** The processes of this machine, as far as they can be seen. */
export interface ProcessTable {
  /** Written bytes can be read at all. */
  readonly hasLedger: boolean
  /** Nobody writes here from outside of what is seen: this is the machine's own process space, not a container's. */
  readonly isWhole: boolean
  /**
   * This user may read everybody's counters. What cannot be read then is just ending, or is a first process that the
   * system hardened: neither edits somebody's files.
   */
  readonly readsAll: boolean
  /** The pid given out last; null: not known. */
  lastBorn(): number | null
  pids(): readonly number[]
  stat(pid: number): ProcessStat | null
  /** Children of its first thread; empty too where the system does not list them. */
  children(pid: number): readonly number[]
  program(pid: number): ProgramFacts | null
  /** Path in the unified hierarchy. */
  cgroup(pid: number): string | null
  /** The value of a variable in the environment that the process was started with. */
  variable(pid: number, name: string): string | null
  written(pid: number): WrittenCounter | null
  /** It has this very file (absolute path) open for writing. */
  holdsForWriting(pid: number, path: string): boolean
  /** When something was last typed at a terminal, to 8 s; null: not known. */
  typedAtMs(terminal: number): number | null
  isFile(path: string): boolean
  /** Wall clock at boot, from which start ticks count. */
  bootedAtMs(nowMs: number): number
}

/** Inode of the first process space, the same on every Linux. */
const firstSpace = 'pid:[4026531836]'
const readMax = 1024

/** `/proc` itself. Every read may fail, for a process may end at any time: the answer is then null. */
export const procTable: ProcessTable = {
  get hasLedger() {
    return parseWritten(text('/proc/self/io') ?? '') !== null
  },
  get readsAll() {
    return process.getuid?.() === 0
  },
  get isWhole() {
    // Where others' processes are hidden (proc(5), `hidepid`) the first one, which is root's, is hidden too.
    return link('/proc/self/ns/pid') === firstSpace && procTable.stat(1) !== null
  },
  lastBorn() {
    loads ??= openText('/proc/loadavg')
    const last = Number(/(\d+)\s*$/.exec(loads() ?? '')?.[1])
    return Number.isSafeInteger(last) ? last : null
  },
  pids() {
    try {
      return readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    } catch {
      return []
    }
  },
  stat: processStat,
  children: (pid) => (text(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  program(pid) {
    const executable = link(`/proc/${pid}/exe`)
    const args = text(`/proc/${pid}/cmdline`)
    if (executable === null || args === null) return null
    return {
      executable: executable.replace(/ \(deleted\)$/, ''),
      args: args.replace(/\0+$/, '').split('\0'),
      directory: () => link(`/proc/${pid}/cwd`) ?? '/',
    }
  },
  cgroup: (pid) => /^0::(.*)$/m.exec(text(`/proc/${pid}/cgroup`) ?? '')?.[1] ?? null,
  variable(pid, name) {
    const set = text(`/proc/${pid}/environ`)
      ?.split('\0')
      .find((one) => one.startsWith(`${name}=`))
    return set === undefined ? null : set.slice(name.length + 1)
  },
  written: openCounter,
  holdsForWriting(pid, path) {
    return list(`/proc/${pid}/fd`).some(
      (fd) => link(`/proc/${pid}/fd/${fd}`) === path && isWriteMode(text(`/proc/${pid}/fdinfo/${fd}`) ?? ''),
    )
  },
  typedAtMs(terminal) {
    const path = terminalPath(terminal)
    return path === null ? null : (statSync(path, { throwIfNoEntry: false })?.atimeMs ?? null)
  },
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
  bootedAtMs: (nowMs) => nowMs - Number.parseFloat(text('/proc/uptime') ?? '0') * 1_000,
}

/** Read many times a second, and so kept open. */
let loads: (() => string | null) | null = null

function openText(path: string): () => string | null {
  const buffer = Buffer.allocUnsafe(readMax)
  try {
    const fd = openSync(path, 'r')
    return () => buffer.toString('latin1', 0, readSync(fd, buffer, 0, readMax, 0))
  } catch {
    return () => null
  }
}

/** The open file stays with the process it was opened for: of a pid that is reused it says that it is gone. */
function openCounter(pid: number): WrittenCounter | null {
  const path = `/proc/${pid}/io`
  if (!existsSync(path)) return null
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return null
  }
  const buffer = Buffer.allocUnsafe(readMax)
  return {
    read() {
      try {
        return parseWritten(buffer.toString('latin1', 0, readSync(fd, buffer, 0, readMax, 0))) ?? 'hidden'
      } catch (error) {
        return isGone(error) ? 'gone' : 'hidden'
      }
    },
    close: () => closeSync(fd),
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'ENOENT')
}

function text(path: string): string | null {
  // A look costs a third of a failed read.
  if (!existsSync(path)) return null
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return null
  }
}

function link(path: string): string | null {
  try {
    return readlinkSync(path, 'latin1')
  } catch {
    return null
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
