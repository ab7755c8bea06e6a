import { join } from 'node:path'
import type { Oid, PlanEntry } from '../types.ts'
import { failureOf } from './failures.ts'
import { indexInfo, ownIndex } from './index-info.ts'
import type { BuiltTree } from './merge-engine.ts'
import type { GitAnswer } from './run.ts'
import { openShipment } from './shipment.ts'
import { durable, hasty } from './workbench.ts'
import type { Workbench } from './workbench.ts'

/** A private index beside the user's, in which the tree of a commit is put together. */
export interface Shadow {
  readonly path: string
  /** The tree of `base` (null: the empty tree) with exactly these entries changed. */
  build(base: Oid | null, entries: readonly PlanEntry[]): Promise<BuiltTree>
  /** The tree it holds now, hooks may have changed it. */
  currentTree(): Promise<BuiltTree>
  /** Its lock is always ours: nobody else knows this index. */
  clearLock(): void
}

/** What some file system takes for `.git` no git would take back from the remote. Not for what HEAD has already. */
const protect = ['-c', 'core.protectHFS=true', '-c', 'core.protectNTFS=true']

export function createShadow(bench: Workbench): Shadow {
  const path = join(bench.repository.stateDir, 'index')
  /** The tree in the index file, and the file it was left as: a hook may have changed it since. Null: not known. */
  let holds: { readonly tree: Oid | null; readonly fingerprint: string } | null = null
  const fingerprint = () => bench.disk.identify(path)?.fingerprint ?? ''
  const isAt = (tree: Oid | null) => holds?.tree === tree && holds.fingerprint === fingerprint()

  const run = (args: readonly string[], deadlineMs: number, input: Buffer | string = '') =>
    bench.git.run({
      args: [...ownIndex, ...durable, ...args],
      input,
      environment: { GIT_INDEX_FILE: path },
      deadlineMs,
    })
  const clearLock = () => bench.disk.remove(`${path}.lock`)
  const failed = (verb: string, answer: GitAnswer): BuiltTree => {
    clearLock()
    holds = null
    return { kind: 'failed', failure: failureOf(verb, answer) }
  }

  const currentTree = async (): Promise<BuiltTree> => {
    const answer = await run(['write-tree'], bench.deadlines.treeMs)
    if (answer.code !== 0) return failed('write-tree', answer)
    return { kind: 'tree', tree: answer.stdout.toString('latin1').trim(), isWhole: true }
  }

  /** Every directory has a tree of its own. */
  const shipTrees = async (): Promise<BuiltTree> => {
    const shipment = await openShipment(bench)
    try {
      const answer = await shipment.git.run({
        args: [...ownIndex, ...hasty, 'write-tree'],
        environment: { GIT_INDEX_FILE: path },
        deadlineMs: bench.deadlines.treeMs,
      })
      if (answer.code !== 0) return failed('write-tree', answer)
      const failure = await shipment.publish(new Map())
      if (failure !== null) return { kind: 'failed', failure }
      return { kind: 'tree', tree: answer.stdout.toString('latin1').trim(), isWhole: true }
    } finally {
      await shipment.discard()
    }
  }

  return {
    path,
    clearLock,
    currentTree,
    build: async (base, entries) => {
      if (!isAt(base)) {
        const read = await run(['read-tree', base ?? '--empty'], bench.deadlines.treeMs)
        if (read.code !== 0) return failed('read-tree', read)
      }
      holds = null
      const info = indexInfo(entries, bench.repository.objectFormat)
      const update = await run([...protect, 'update-index', '-z', '--index-info'], bench.deadlines.treeMs, info)
      if (update.code !== 0) return failed('update-index', update)
      const built = hasFolders(entries, bench.shipmentMin) ? await shipTrees() : await currentTree()
      if (built.kind === 'failed') return built
      holds = { tree: built.tree, fingerprint: fingerprint() }
      // `.git` in disguise is passed over with a message, not an exit code.
      return { ...built, isWhole: !/^Ignoring path /m.test(update.stderr) }
    },
  }
}

function hasFolders(entries: readonly PlanEntry[], count: number): boolean {
  const folders = new Set<string>()
  for (const { path } of entries) {
    folders.add(path.slice(0, Math.max(0, path.lastIndexOf('/'))))
    if (folders.size >= count) return true
  }
  return false
}
