import type { ProcessTable } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'
import { movement, readingsAround, treeBytes, type Account } from './account.ts'
import type { Seen } from './authors.ts'
import type { OtherMoved, TreeMoved, WriteSeen } from './ledger.ts'
import type { Explained } from './noise.ts'
import type { Roll } from './roll.ts'
import type { Trees } from './trees.ts'

/** Somebody sits at a terminal where something was typed so lately; the system notes it every 8 s. */
const typedMs = 20_000
/** Nobody types so soon after a terminal was opened. */
const openedMs = 1_000

/** So long after a write its event may come, also on a busy machine. */
const lateMs = 60

/** Writes that happened between two samples. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
  readonly writes: readonly WindowWrite[]
}

export interface WindowWrite extends WriteSeen {
  readonly path: PathBytes
  readonly seen: Seen
  /** Of its first event. */
  readonly atMs: number
}

/** How the accounts moved in a window. */
export class Movements {
  readonly #roll: Roll
  readonly #trees: Trees
  readonly #table: ProcessTable
  readonly #fullPath: (path: string) => string

  constructor(roll: Roll, trees: Trees, table: ProcessTable, fullPath: (path: string) => string) {
    this.#roll = roll
    this.#trees = trees
    this.#table = table
    this.#fullPath = fullPath
  }

  /** Known writers that moved at all. @param around writes of other windows, some of them of the same time */
  trees(
    { fromMs, toMs }: Window,
    explained: readonly Explained[],
    around: readonly WindowWrite[],
  ): readonly TreeMoved[] {
    const canExclude = this.#table.isWhole && (this.#table.readsAll || !this.#hidesAny(fromMs))
    return this.#trees.all().flatMap((tree) => {
      const members = [...tree.members].filter(({ goneAtMs }) => goneAtMs === null || goneAtMs > fromMs)
      const bytes = treeBytes(members, fromMs, toMs)
      if (bytes !== null && bytes <= 0) return []
      const own = explained.filter(({ tree: id }) => id === tree.id)
      const known = own.filter(({ atMs, overheads }) => overheads > 0 && atMs > fromMs && atMs <= toMs)
      return {
        tree: tree.id,
        deltaBytes: bytes === null ? NaN : bytes - known.reduce((sum, one) => sum + one.bytes, 0),
        explained: known.reduce((sum, { overheads }) => sum + overheads, 0),
        asideBytes: own.find(({ overheads, atMs }) => overheads === 0 && atMs > fromMs)?.bytes ?? 0,
        noiseBytes: tree.noise.before(fromMs, own),
        near: nearOf(members, { fromMs, toMs }, around),
        holds: (path) => members.some(({ pid, goneAtMs }) => goneAtMs === null && this.#holds(pid, path)),
        byElimination: tree.declaration !== null && canExclude,
      }
    })
  }

  others({ fromMs, toMs }: Window, nowMs: number): readonly OtherMoved[] {
    const others: OtherMoved[] = []
    for (const account of this.#roll.accounts.values()) {
      const { tree, goneAtMs, readings } = account
      if (tree !== null || (goneAtMs !== null && goneAtMs < fromMs)) continue
      if (account.hidden) {
        if (this.#isTypedAt(account.terminal, account.session, nowMs)) {
          others.push({ deltaBytes: Infinity, isAtTerminal: false })
        }
        continue
      }
      const deltaBytes = movement(account, fromMs, toMs) ?? readings.at(-1)?.bytes ?? 0
      if (deltaBytes > 0) others.push({ deltaBytes, isAtTerminal: this.#isAtTerminal(account, nowMs) })
    }
    return others
  }

  /** Somebody types at any terminal, or did so a moment ago. */
  hasPerson(nowMs: number): boolean {
    const terminals = new Map([...this.#roll.accounts.values()].map(({ terminal, session }) => [terminal, session]))
    return [...terminals].some(([terminal, session]) => this.#isTypedAt(terminal, session, nowMs))
  }

  /** Somebody lived since then of whom it cannot be said what he wrote: such as root, for anybody else. */
  #hidesAny(fromMs: number): boolean {
    const accounts = [...this.#roll.accounts.values()]
    return accounts.some(({ hidden, goneAtMs }) => hidden && (goneAtMs === null || goneAtMs >= fromMs))
  }

  #holds(pid: number, path: string): boolean {
    return this.#table.holdsForWriting(pid, this.#fullPath(path))
  }

  /** In the foreground of its terminal, the shell itself or what it runs; what runs behind it is nobody's typing. */
  #isAtTerminal({ pid, startTick, terminal, session }: Account, nowMs: number): boolean {
    if (!this.#isTypedAt(terminal, session, nowMs)) return false
    const stat = this.#table.stat(pid)
    if (stat === null || stat.startTick !== startTick || stat.terminal !== terminal) return false
    return stat.group === stat.foreground
  }

  /** A terminal that was just opened looks as if somebody had typed there. */
  #isTypedAt(terminal: number, session: number, nowMs: number): boolean {
    const atMs = terminal === 0 ? null : this.#table.typedAtMs(terminal)
    if (atMs === null || nowMs - atMs >= typedMs) return false
    const openedAtMs = this.#roll.accounts.get(session)?.bornAtMs ?? -Infinity
    return atMs > openedAtMs + openedMs
  }
}

/** Writes whose bytes may be among what these processes wrote between the readings before and after a window. */
function nearOf(
  members: readonly Account[],
  { fromMs, toMs }: Pick<Window, 'fromMs' | 'toMs'>,
  around: readonly WindowWrite[],
): readonly WindowWrite[] {
  const spans = members.map((account) => readingsAround(account, fromMs, toMs))
  const sinceMs = Math.min(...spans.map((span) => span.fromMs))
  const untilMs = Math.max(...spans.map((span) => span.toMs)) + lateMs
  return around.filter(({ atMs }) => atMs > sinceMs && atMs <= untilMs)
}
