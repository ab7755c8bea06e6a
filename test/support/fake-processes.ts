import type { Clock, ProcessTable, WrittenCounter } from '../../src/platform/platform.ts'

/** A process of a pretended machine. */
export interface FakeProcess {
  readonly pid: number
  parent: number
  startTick: number
  written: number
  executable: string
  args: readonly string[]
  terminal: number
  session: number
  cgroup: string
  readonly environment: Record<string, string>
  readonly holds: Set<string>
  hidden: boolean
}

/** A machine without anything real: time, processes and what they have written are set by the test. */
export class FakeMachine {
  /** Files have real times: after the three seconds in which a test begins, the pretended ones are real too. */
  nowMs = Date.now() - 3_000
  readonly processes = new Map<number, FakeProcess>()
  readonly typedAtMs = new Map<number, number>()
  readonly files = new Set<string>()
  /** How often anything of `/proc` was read. */
  reads = 0
  readonly #timers: { readonly atMs: number; readonly run: () => void }[] = []
  #lastBorn = 0
  #jumpedMs = 0

  /** A clock tick is 10 ms, and the machine was started at the instant 0. */
  spawn(pid: number, more: Partial<FakeProcess> = {}): FakeProcess {
    const plain = {
      parent: 1,
      startTick: Math.floor(this.nowMs / 10),
      written: 0,
      executable: '/usr/bin/tool',
      args: ['tool'],
      terminal: 0,
      session: 0,
      cgroup: '/',
      environment: {},
      holds: new Set<string>(),
      hidden: false,
    }
    const born = { pid, ...plain, ...more }
    this.processes.set(pid, born)
    this.#lastBorn = pid
    return born
  }

  /** It ends and is reaped: what it wrote is in its parent's account from then on. */
  reap(pid: number): void {
    const { parent, written } = this.#of(pid)
    this.processes.delete(pid)
    const heir = this.processes.get(parent)
    if (heir !== undefined) heir.written += written
  }

  /** Runs what is due until then. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms
    for (let next = this.#next(endMs); next !== null; next = this.#next(endMs)) {
      this.#timers.splice(this.#timers.indexOf(next), 1)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.run()
    }
    this.nowMs = endMs
  }

  /** The wall clock is set. */
  jump(ms: number): void {
    this.#jumpedMs += ms
  }

  /** Timers that are set. */
  get waiting(): number {
    return this.#timers.length
  }

  readonly clock: Clock = {
    nowMs: () => this.nowMs + this.#jumpedMs,
    monotonicMs: () => this.nowMs,
    sleptMs: () => 0,
    after: (delayMs, run) => {
      const timer = { atMs: this.nowMs + delayMs, run }
      this.#timers.push(timer)
      return () => {
        const at = this.#timers.indexOf(timer)
        if (at >= 0) this.#timers.splice(at, 1)
      }
    },
  }

  readonly table: ProcessTable = {
    hasLedger: true,
    isWhole: true,
    readsAll: false,
    lastBorn: () => this.#read(this.#lastBorn),
    pids: () => this.#read([...this.processes.keys()]),
    stat: (pid) => {
      const found = this.#read(this.processes.get(pid))
      if (found === undefined) return null
      const { parent, startTick, terminal, session } = found
      const plain = { state: 'S', group: pid, foreground: pid, isThread: false }
      return { pid, parent, startTick, terminal, session, ...plain }
    },
    children: (pid) =>
      this.#read([...this.processes.values()].filter(({ parent }) => parent === pid).map((one) => one.pid)),
    program: (pid) => {
      const found = this.#read(this.processes.get(pid))
      return found === undefined ? null : { ...found, directory: () => '/' }
    },
    cgroup: (pid) => this.#read(this.processes.get(pid)?.cgroup ?? null),
    variable: (pid, name) => this.#read(this.processes.get(pid)?.environment[name] ?? null),
    written: (pid) => this.#counter(pid),
    holdsForWriting: (pid, path) => this.#read(this.processes.get(pid)?.holds.has(path) === true),
    typedAtMs: (terminal) => this.typedAtMs.get(terminal) ?? null,
    isFile: (path) => this.files.has(path),
    bootedAtMs: (nowMs) => nowMs - this.nowMs,
  }

  #next(endMs: number): { readonly atMs: number; readonly run: () => void } | null {
    return this.#timers.filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)[0] ?? null
  }

  /** Stays with the process, not with its pid. */
  #counter(pid: number): WrittenCounter | null {
    const held = this.processes.get(pid)
    if (held === undefined) return null
    return {
      read: () => {
        this.reads++
        if (this.processes.get(pid) !== held) return 'gone'
        return held.hidden ? 'hidden' : held.written
      },
      close: () => {},
    }
  }

  #read<T>(value: T): T {
    this.reads++
    return value
  }

  #of(pid: number): FakeProcess {
    const found = this.processes.get(pid)
    if (found === undefined) throw new Error(`no process ${pid}`)
    return found
  }
}
