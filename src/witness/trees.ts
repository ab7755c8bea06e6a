import { createHash } from 'node:crypto'
import type { ProcessIdentity, ProcessTable } from '../platform/platform.ts'
import type { Writer } from '../types.ts'
import type { Account } from './account.ts'
import { Noise } from './noise.ts'
import { matchingPattern, provenProgram } from './program-name.ts'
import type { Roll } from './roll.ts'

/** The variable that children of a declared writer inherit. Its value is a secret: the name alone proves nothing. */
const tagVariable = 'WORKSPACE_SYNC_WRITER'
/** Tree of the daemon and the processes it starts. */
export const selfTree = 'self'
/** A process this young may not run its program yet: it is asked again. */
const youngMs = 10_000
const namedAgainMs = 200
/** Parents of parents that are looked at to put processes in order. */
const depthMax = 100

/** A writer that somebody declared with `run`. Kept over restarts, without the secret itself. */
export interface Declaration {
  readonly name: string
  readonly policy: 'sync' | 'block'
  /** The program as it was named, without its arguments. */
  readonly command: string
  /** SHA-256 of the tag, hex. */
  readonly tagHash: string
  /** A control group that holds this writer and nobody else; null: none could be made. */
  readonly cgroup: string | null
  /** The process that was declared; all that it starts belongs to the writer. */
  readonly root: ProcessIdentity
}

export interface Tree {
  readonly id: string
  readonly writer: Writer
  readonly declaration: Declaration | null
  /** Its processes, those that ended a moment ago among them. */
  readonly members: Set<Account>
  readonly noise: Noise
  readonly tally: Tally
}

/** Writes here since a program was declared. */
export interface Tally {
  /** Of the program. */
  own: number
  /** Of nobody who is known: its own may be among them. */
  unknown: number
}

/** Regular expressions for whole program names. */
export interface WriterPatterns {
  readonly autonomous: readonly string[]
  readonly agent: readonly string[]
}

/** Which processes belong to which known writer. */
export class Trees {
  readonly #table: ProcessTable
  readonly #patterns: () => WriterPatterns
  readonly #ownPid: number
  readonly #trees = new Map<string, Tree>()

  constructor(table: ProcessTable, patterns: () => WriterPatterns, ownPid: number) {
    this.#table = table
    this.#patterns = patterns
    this.#ownPid = ownPid
  }

  get(id: string): Tree | null {
    return this.#trees.get(id) ?? null
  }

  all(): readonly Tree[] {
    return [...this.#trees.values()]
  }

  declare(declaration: Declaration): Tree {
    const id = `declared ${declaration.tagHash}`
    const tree = {
      id,
      declaration,
      writer: declaredWriter(declaration),
      ...untold(),
    }
    this.#trees.set(id, tree)
    return tree
  }

  /** A write of nobody who is known. */
  countUnknown(): void {
    for (const { tally } of this.#trees.values()) tally.unknown++
  }

  living(): readonly Tree[] {
    return this.all().filter(isLiving)
  }

  hasLiving(): boolean {
    return this.all().some(isLiving)
  }

  /** Forgets who has ended. @returns declared writers of whom nothing lives any more. */
  prune(isBuried: (account: Account) => boolean): readonly Declaration[] {
    const ended = this.all().filter((tree) => !isLiving(tree))
    for (const { id, members } of ended) {
      for (const member of members) if (isBuried(member)) members.delete(member)
      if (members.size === 0) this.#trees.delete(id)
    }
    return ended.flatMap(({ declaration }) => declaration ?? [])
  }

  /** Finds the tree of a process that is new on the roll. Its parent, where there is one, was asked before. */
  readonly adopt = (account: Account, roll: Roll): void => {
    const parent = roll.accounts.get(account.parent)
    const inherited = parent !== undefined && parent.startTick <= account.startTick ? parent.tree : null
    this.#join(account, roll, this.#treeOf(account, inherited))
  }

  /** A young process may have become another program since it was met. */
  askAgain(account: Account, roll: Roll, nowMs: number): void {
    const { namedAtMs, bornAtMs, tree } = account
    if (namedAtMs - bornAtMs > youngMs || nowMs - namedAtMs < namedAgainMs) return
    account.namedAtMs = nowMs
    const found = this.#treeOf(account, tree)
    if (found !== tree) this.#join(account, roll, found)
  }

  /** Other programs are known by their names now: everybody is asked again, parents before children. */
  renamed(roll: Roll): void {
    const living = [...roll.accounts.values()].filter(({ goneAtMs }) => goneAtMs === null)
    const depth = ({ parent }: Account, steps = 0): number => {
      const above = steps < depthMax ? roll.accounts.get(parent) : undefined
      return above === undefined ? steps : depth(above, steps + 1)
    }
    const byDepth = living.map((account) => ({ account, depth: depth(account) })).toSorted((a, b) => a.depth - b.depth)
    for (const { account } of byDepth) this.adopt(account, roll)
  }

  #join(account: Account, roll: Roll, tree: string | null): void {
    this.get(account.tree ?? '')?.members.delete(account)
    account.tree = tree
    if (tree === null) return
    this.get(tree)?.members.add(account)
    if (tree !== selfTree) roll.open(account)
    for (const child of roll.childrenOf(account.pid)) {
      if (child.tree === null && child.startTick >= account.startTick) this.#join(child, roll, tree)
    }
  }

  /** What was declared outweighs a configured name; among configured ones the nearest program counts. */
  #treeOf(account: Account, inherited: string | null): string | null {
    if (account.pid === this.#ownPid || inherited === selfTree) return selfTree
    const declared = this.#declaredOf(account)
    if (declared !== null) return declared
    if (inherited !== null && this.get(inherited)?.declaration != null) return inherited
    return this.#configuredOf(account) ?? inherited
  }

  #declaredOf({ pid, startTick }: Account): string | null {
    const declared = this.all().flatMap(({ id, declaration }) => (declaration === null ? [] : [{ id, declaration }]))
    if (declared.length === 0) return null
    const root = declared.find(({ declaration }) => isSame(declaration.root, { pid, startTick }))
    if (root !== undefined) return root.id
    const cgroup = this.#table.cgroup(pid)
    const inGroup = declared.find(({ declaration }) => isWithin(cgroup, declaration.cgroup))
    if (inGroup !== undefined) return inGroup.id
    const tag = this.#table.variable(pid, tagVariable)
    const hash = tag === null ? null : tagHashOf(tag)
    return declared.find(({ declaration }) => declaration.tagHash === hash)?.id ?? null
  }

  #configuredOf(account: Account): string | null {
    const { autonomous, agent } = this.#patterns()
    if (autonomous.length + agent.length === 0) return null
    const program = this.#table.program(account.pid)
    if (program === null) return null
    const { file, names } = provenProgram(program, (path) => this.#table.isFile(path))
    const pattern = matchingPattern(names, autonomous)
    const kind = pattern === null ? 'agent' : 'autonomous'
    const rule = pattern ?? matchingPattern(names, agent)
    if (rule === null) return null
    const id = `program ${account.pid}.${account.startTick}`
    if (this.#trees.has(id)) return id
    const known = { tier: 'T2', confidence: 0.97, policy: null, session: null } as const
    const writer: Writer = { kind, name: names[0], ...known, program: { executable: file, rule } }
    this.#trees.set(id, { id, writer, declaration: null, ...untold() })
    return id
  }
}

/** Nothing is known of it yet. */
function untold(): Pick<Tree, 'members' | 'noise' | 'tally'> {
  return { members: new Set(), noise: new Noise(), tally: { own: 0, unknown: 0 } }
}

function isLiving({ members }: Tree): boolean {
  return [...members].some(({ goneAtMs }) => goneAtMs === null)
}

export function tagHashOf(tag: string): string {
  return createHash('sha256').update(tag).digest('hex')
}

function declaredWriter({ name, policy, command }: Declaration): Writer {
  return {
    kind: policy === 'block' ? 'autonomous' : 'agent',
    name,
    tier: 'T1',
    confidence: 0.99,
    policy,
    session: null,
    program: { executable: command, rule: 'run' },
  }
}

function isSame(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.startTick === other.startTick
}

function isWithin(cgroup: string | null, group: string | null): boolean {
  return cgroup !== null && group !== null && (cgroup === group || cgroup.startsWith(`${group}/`))
}
