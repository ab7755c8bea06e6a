import type { ProcessTable } from '../platform/platform.ts'
import { createAccount, noteReading, type Account } from './account.ts'

/** Processes added in one call; the rest comes with the next. About 0.05 ms each. */
const addedAtOnce = 400
/** Beyond it processes go unnoticed and nobody is named: the witness says `unknown`. */
const accountsMax = 20_000
/** So many pids since the last look are tried one by one; beyond it the whole table is read. */
const triedMax = 24
/** An ended process is remembered so long: its children may still be met. */
const tombstoneMs = 10_000
const tickMs = 10

/** Every process of this machine once, by pid and start tick. */
export class Roll {
  readonly accounts = new Map<number, Account>()
  readonly #table: ProcessTable
  readonly #adopt: (account: Account, roll: Roll) => void
  readonly #bootedAtMs: number
  #isFull = false
  #lastBorn: number | null = null
  #waiting: number[] = []

  /** @param adopt decides which tree a new process belongs to; its parent, if known, is on the roll already. */
  constructor(table: ProcessTable, nowMs: number, adopt: (account: Account, roll: Roll) => void) {
    this.#table = table
    this.#adopt = adopt
    this.#bootedAtMs = table.bootedAtMs(nowMs)
  }

  /** Every process that lives is on the roll. */
  isComplete(): boolean {
    return this.#waiting.length === 0 && !this.#isFull
  }

  /** Adds who was born since the last call. */
  refresh(nowMs: number): void {
    const last = this.#table.lastBorn()
    if (last === null || last !== this.#lastBorn) this.#waiting.push(...this.#unknownPids(last))
    this.#lastBorn = last
    for (const pid of this.#waiting.splice(0, addedAtOnce)) this.add(pid)
    this.#isFull = this.accounts.size >= accountsMax
    this.#bury(nowMs)
  }

  living(pid: number): Account | null {
    const account = this.accounts.get(pid)
    return account?.goneAtMs === null ? account : null
  }

  add(pid: number): Account | null {
    const known = this.living(pid)
    if (known !== null || this.accounts.size >= accountsMax) return known
    const stat = this.#table.stat(pid)
    if (stat === null || stat.isThread || stat.parent === kernelParent || pid === kernelParent) return null
    const account = createAccount(stat, this.#bootedAtMs + stat.startTick * tickMs)
    this.accounts.set(pid, account)
    if (this.accounts.get(stat.parent) === undefined && stat.parent > 1) this.add(stat.parent)
    this.#adopt(account, this)
    return account
  }

  /** The process under this pid is still the one that was met. */
  isSame(account: Account): boolean {
    return this.#table.stat(account.pid)?.startTick === account.startTick
  }

  /** Reads what it has written so far. @returns false when it has ended. */
  read(account: Account, nowMs: number): boolean {
    const counter = account.counter ?? this.#table.written(account.pid)
    const bytes = counter?.read() ?? 'hidden'
    if (account.counter === null) counter?.close()
    const hasFewer = typeof bytes === 'number' && bytes < (account.readings.at(-1)?.bytes ?? 0)
    if (bytes === 'gone' || ((counter === null || hasFewer) && !this.isSame(account))) {
      this.gone(account, nowMs)
      // Somebody else may have its pid by now, whom nobody met while it seemed to be known.
      const heir = this.add(account.pid)
      if (heir !== null) this.read(heir, nowMs)
      return false
    }
    account.hidden = bytes === 'hidden'
    if (bytes !== 'hidden') noteReading(account, bytes, nowMs)
    return true
  }

  /** From now on it is read at every sample, by a file that stays with this very process. */
  open(account: Account): void {
    if (account.counter !== null || account.hidden) return
    const counter = this.#table.written(account.pid)
    // Between the two looks the pid may have changed hands.
    if (counter !== null && !this.isSame(account)) counter.close()
    else account.counter = counter
  }

  shut(account: Account): void {
    account.counter?.close()
    account.counter = null
  }

  gone(account: Account, nowMs: number): void {
    account.goneAtMs ??= nowMs
    this.shut(account)
  }

  /** Adds what they have started since, without a look at anybody else. */
  meetChildren(parents: Iterable<Account>): void {
    for (const { pid, goneAtMs } of parents) {
      if (goneAtMs === null) for (const child of this.#table.children(pid)) this.add(child)
    }
  }

  childrenOf(pid: number): readonly Account[] {
    return [...this.accounts.values()].filter(({ parent }) => parent === pid)
  }

  close(): void {
    for (const account of this.accounts.values()) this.shut(account)
    this.accounts.clear()
  }

  #unknownPids(last: number | null): readonly number[] {
    const since = this.#lastBorn
    const born = last === null || since === null ? -1 : last - since
    const candidates =
      born > 0 && born <= triedMax ? Array.from({ length: born }, (_, n) => (since ?? 0) + n + 1) : this.#table.pids()
    return candidates.filter((pid) => this.living(pid) === null && !this.#waiting.includes(pid))
  }

  #bury(nowMs: number): void {
    for (const account of this.accounts.values()) if (isBuried(account, nowMs)) this.accounts.delete(account.pid)
  }
}

/** Ended so long ago that it is forgotten. */
export function isBuried({ goneAtMs }: Account, nowMs: number): boolean {
  return goneAtMs !== null && nowMs - goneAtMs > tombstoneMs
}

/** Parent of the kernel's own threads. */
const kernelParent = 2
