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
  const known = new Map((await engine.survey.refs(`${conflictRefs}${cloneId}/`)).map(({ name, oid }) => [name, oid]))
  for (const blob of new Set(conflicts.map(({ kept }) => kept.oid))) {
    const found = conflicts.filter(({ kept }) => kept.oid === blob)
    const ref = `${conflictRefs}${cloneId}/${blob}`
    const paths = new Set(found.map(({ path }) => path))
    // The same bytes may wait at another path since before.
    const others = (await entriesAt(engine, known.get(ref) ?? null)).filter(({ path }) => !paths.has(path))
    const entries = found.map(({ path, kept }): PlanEntry => ({ path, mode: kept.mode, oid: kept.oid }))
    const failure = await point(engine, ref, [...entries, ...others], messageOf(found, cloneId, head, tip))
    if (failure !== null) return failure
  }
  return null
}

/** Takes settled paths out of a ref; with none left it goes. */
export async function withoutPaths(
  engine: GitEngine,
  { name, oid }: { readonly name: string; readonly oid: Oid },
  settled: ReadonlySet<PathBytes>,
): Promise<Failure | null> {
  const entries = await entriesAt(engine, oid)
  const left = entries.filter(({ path }) => !settled.has(path))
  if (left.length === entries.length) return null
  if (left.length > 0) return point(engine, name, left, (await engine.merging.messageOf(oid)).message)
  await engine.survey.removeRefs([{ name, oid }])
  return null
}

async function entriesAt(engine: GitEngine, commit: Oid | null): Promise<readonly PlanEntry[]> {
  const changes = commit === null ? [] : await engine.history.changesOf(commit)
  return changes.flatMap(({ path, after }) => (after === null ? [] : [{ path, ...after }]))
}

async function point(
  engine: GitEngine,
  ref: string,
  entries: readonly PlanEntry[],
  message: string,
): Promise<Failure | null> {
  const built = await engine.merging.tree(null, entries)
  if (built.kind === 'failed') return built.failure
  const made = await engine.merging.commit({ tree: built.tree, parents: [], message, author: null })
  return 'oid' in made ? engine.merging.pointRef(ref, made.oid) : made
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
export async function keptConflicts(engine: GitEngine, cloneId: string | null): Promise<readonly KeptConflict[]> {
  const own = await engine.survey.refs(conflictRefs)
  const clones = new Set([...own.map(({ name }) => cloneOf(name)), cloneId])
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
