/** What two machines could not settle: our side, kept on a ref of ours until somebody says what it shall be. */
import type { GitEngine } from '../git/git.ts'
import { pathText, type Failure, type Oid, type PathBytes, type PlanEntry, type TreeEntry } from '../types.ts'

export const conflictRefs = 'refs/workspace-sync/conflicts/'
/** Those of all clones, as the remote had them when something was last fetched. */
const othersRefs = 'refs/workspace-sync/others/'

export interface Conflict {
  readonly path: PathBytes
  /** What lay here; it is kept. */
  readonly kept: TreeEntry
  /** What the remote had, and what the branch has now. */
  readonly taken: TreeEntry | null
}

/** A conflict as it is read back from its ref. */
export interface KeptConflict {
  readonly ref: string
  readonly oid: Oid
  /** The clone whose side is kept. */
  readonly clone: string
  readonly path: PathBytes
  readonly kept: TreeEntry
  readonly atMs: number
}

/** Conflicts read back; more are counted by nobody and stay on their refs. */
const readMax = 1_000

/**
 * Keeps each side on `<clone>/<blob>`: a commit of its own whose tree holds just that file, so that any git shows it
 * and no clean-up takes it away. The same bytes at several paths share one.
 */
export async function keepConflicts(
  engine: GitEngine,
  cloneId: string,
  head: Oid,
  tip: Oid,
  conflicts: readonly Conflict[],
): Promise<Failure | null> {
  const { merging } = engine
  for (const blob of new Set(conflicts.map(({ kept }) => kept.oid))) {
    const found = conflicts.filter(({ kept }) => kept.oid === blob)
    const entries = found.map(({ path, kept }): PlanEntry => ({ path, mode: kept.mode, oid: kept.oid }))
    const built = await merging.tree(null, entries)
    if (built.kind === 'failed') return built.failure
    const made = await merging.commit({
      tree: built.tree,
      parents: [],
      message: messageOf(found, cloneId, head, tip),
      author: null,
    })
    if (!('oid' in made)) return made
    const failure = await merging.pointRef(`${conflictRefs}${cloneId}/${blob}`, made.oid)
    if (failure !== null) return failure
  }
  return null
}

function messageOf(conflicts: readonly Conflict[], cloneId: string, head: Oid, tip: Oid): string {
  const [first] = conflicts
  const name = first === undefined ? '' : JSON.stringify(pathText(first.path))
  return [
    `one side of ${name}, kept until somebody settles it`,
    '',
    'Two machines changed it at the same time. The branch has what the remote had.',
    'workspace-sync conflicts list',
    '',
    `Workspace-Sync-Host: ${cloneId}`,
    `Workspace-Sync-Ours: ${head}`,
    `Workspace-Sync-Theirs: ${tip}`,
    '',
  ].join('\n')
}

/** All that are kept, those of other clones too that were fetched; the newest first. */
export async function keptConflicts(engine: GitEngine): Promise<readonly KeptConflict[]> {
  const own = await engine.survey.refs(conflictRefs)
  const clones = new Set(own.map(({ name }) => cloneOf(name)))
  const others = (await engine.survey.refs(othersRefs)).filter(({ name }) => !clones.has(cloneOf(name)))
  const found: KeptConflict[] = []
  for (const { name, oid } of [...own, ...others].slice(0, readMax)) {
    const clone = cloneOf(name)
    const commit = await engine.history.commit(oid)
    if (commit === null) continue
    for (const { path, after } of await engine.history.changesOf(oid)) {
      if (after !== null) found.push({ ref: name, oid, clone, path, kept: after, atMs: commit.atMs })
    }
  }
  return found.toSorted((a, b) => b.atMs - a.atMs)
}

/** refs/workspace-sync/conflicts/<clone>/<blob> */
function cloneOf(ref: string): string {
  return ref.split('/')[3] ?? ''
}
