/** What two machines could not settle: our side, kept on a ref of ours until somebody says what it shall be. */
import { isPartOf, type GitEngine } from '../git/git.ts'
import { recent } from '../recent.ts'
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
  /** Of which branch, by its name on the remote; null: an older version kept it, and did not say. */
  readonly branch: string | null
  readonly path: PathBytes
  readonly kept: TreeEntry
  readonly atMs: number
}

/** Conflicts read back; more are counted by nobody and stay on their refs. */
const readMax = 1_000

/** Kept commits whose files are remembered: by their ids, so that they are true for ever. */
const readRemembered = 2_000
const contents = recent<Oid, readonly PlanEntry[]>(readRemembered)

/** Whose sides are kept, and of what. */
export interface Keeper {
  readonly cloneId: string
  /** By its name on the remote. */
  readonly branch: string
  readonly head: Oid
  readonly tip: Oid
}

/**
 * Keeps each side on `<clone>/<blob>`: a commit without parents whose tree holds the file, so that any git shows it and
 * no clean-up takes it away. What one merge leaves shares one commit, of which a ref means the files of its own blob.
 */
export async function keepConflicts(
  engine: GitEngine,
  keeper: Keeper,
  conflicts: readonly Conflict[],
): Promise<Failure | null> {
  const prefix = `${conflictRefs}${keeper.cloneId}/`
  const known = new Map((await engine.survey.refs(prefix)).map(({ name, oid }) => [name, oid]))
  const fresh = conflicts.filter(({ kept }) => !known.has(prefix + kept.oid))
  // Each side costs processes of git: a merge that went apart in many places is not to take seconds for each.
  const isShared = fresh.length > 1 && fitTogether(fresh)
  const shared = isShared ? await made(engine, entriesOf(fresh), messageOf(fresh, keeper)) : null
  for (const blob of new Set(conflicts.map(({ kept }) => kept.oid))) {
    const ref = prefix + blob
    const found = conflicts.filter(({ kept }) => kept.oid === blob)
    const failure =
      shared !== null && !known.has(ref)
        ? await pointed(engine, ref, shared)
        : await keepBlob(engine, keeper, { ref, known }, found)
    if (failure !== null) return failure
  }
  return null
}

interface Shelf {
  readonly ref: string
  readonly known: ReadonlyMap<string, Oid>
}

/** The same bytes of two branches, or at `x` and `x/y`, need more than one ref: `<blob>`, `<blob>-1` and so on. */
async function keepBlob(
  engine: GitEngine,
  keeper: Keeper,
  { ref, known }: Shelf,
  conflicts: readonly Conflict[],
): Promise<Failure | null> {
  let left = conflicts
  for (let number = 0; left.length > 0; number += 1) {
    const name = number === 0 ? ref : `${ref}-${number}`
    const before = known.get(name)
    if (before !== undefined && (await sidesOf(engine, before)).branch !== keeper.branch) continue
    const there = before === undefined ? [] : await entriesAt(engine, before, blobOf(ref))
    // What waits there since before stays.
    const taken = fitting(left, there)
    if (taken.length === 0) continue
    const paths = new Set(taken.map(({ path }) => path))
    const entries = [...entriesOf(taken), ...there.filter(({ path }) => !paths.has(path))]
    const failure = await point(engine, name, entries, messageOf(taken, keeper))
    if (failure !== null) return failure
    left = left.filter(({ path }) => !paths.has(path))
  }
  return null
}

/** As many of them as one tree can hold beside what it has. */
function fitting(conflicts: readonly Conflict[], there: readonly PlanEntry[]): readonly Conflict[] {
  const taken: Conflict[] = []
  for (const one of conflicts) {
    const others = there.filter(({ path }) => path !== one.path)
    if (fitTogether([...taken, one, ...others])) taken.push(one)
  }
  return taken
}

/** One tree can hold them: no path is there twice, or below another. */
function fitTogether(them: readonly { readonly path: PathBytes }[]): boolean {
  const places = them.map(({ path }) => `${path}/`).toSorted()
  return places.every((place, at) => at === 0 || !place.startsWith(places[at - 1] ?? ''))
}

function entriesOf(conflicts: readonly Conflict[]): readonly PlanEntry[] {
  return conflicts.map(({ path, kept }) => ({ path, mode: kept.mode, oid: kept.oid }))
}

/** What a clone keeps is another one's from now on. @throws SyncError as `removeRefs`. */
export async function renameClone(engine: GitEngine, from: string, to: string): Promise<Failure | null> {
  const before = await engine.survey.refs(`${conflictRefs}${from}/`)
  for (const { name, oid } of before) {
    const failure = await engine.merging.pointRef(`${conflictRefs}${to}/${name.split('/')[4] ?? ''}`, oid)
    if (failure !== null) return failure
  }
  if (before.length > 0) await engine.survey.removeRefs(before)
  return null
}

/** Takes settled paths out of a ref; with none left it goes. */
export async function withoutPaths(
  engine: GitEngine,
  { name, oid }: { readonly name: string; readonly oid: Oid },
  settled: ReadonlySet<PathBytes>,
): Promise<Failure | null> {
  const entries = await entriesAt(engine, oid, blobOf(name))
  const left = entries.filter(({ path }) => !settled.has(path))
  if (left.length === entries.length) return null
  if (left.length > 0) return point(engine, name, left, (await engine.merging.messageOf(oid)).message)
  await engine.survey.removeRefs([{ name, oid }])
  return null
}

/** The files of a kept commit that a ref of this blob means. */
async function entriesAt(engine: GitEngine, commit: Oid | null, blob: Oid): Promise<readonly PlanEntry[]> {
  if (commit === null) return []
  const known = contents.get(commit)
  const entries = known ?? (await filesOf(engine, commit))
  if (known === undefined) contents.set(commit, entries)
  return entries.filter(({ oid }) => oid === blob)
}

async function filesOf(engine: GitEngine, commit: Oid): Promise<readonly PlanEntry[]> {
  const changes = await engine.history.changesOf(commit)
  return changes.flatMap(({ path, after }) => (after === null ? [] : [{ path, ...after }]))
}

async function point(
  engine: GitEngine,
  ref: string,
  entries: readonly PlanEntry[],
  message: string,
): Promise<Failure | null> {
  return pointed(engine, ref, await made(engine, entries, message))
}

async function made(
  engine: GitEngine,
  entries: readonly PlanEntry[],
  message: string,
): Promise<{ readonly oid: Oid } | Failure> {
  const built = await engine.merging.tree(null, entries)
  if (built.kind === 'failed') return built.failure
  return engine.merging.commit({ tree: built.tree, parents: [], message, author: null })
}

async function pointed(
  engine: GitEngine,
  ref: string,
  commit: { readonly oid: Oid } | Failure,
): Promise<Failure | null> {
  return 'oid' in commit ? engine.merging.pointRef(ref, commit.oid) : commit
}

function messageOf(conflicts: readonly Conflict[], { cloneId, branch, head, tip }: Keeper): string {
  const [first] = conflicts
  const name = first === undefined ? '' : JSON.stringify(pathText(first.path))
  const more = conflicts.length > 1 ? ` and of ${conflicts.length - 1} more` : ''
  return [
    `one side of ${name}${more}, kept until somebody settles it`,
    '',
    'Two machines changed it at the same time. The branch has what the remote had.',
    'workspace-sync conflicts list',
    '',
    `Workspace-Sync-Host: ${cloneId}`,
    `Workspace-Sync-Branch: ${branch}`,
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
  const facts = new Map<Oid, { readonly atMs: number; readonly branch: string | null }>()
  for (const { name, oid } of [...own, ...others].slice(0, readMax)) {
    const clone = cloneOf(name)
    const atMs = facts.get(oid)?.atMs ?? (await engine.history.commit(oid))?.atMs
    if (atMs === undefined) continue
    const { branch } = facts.get(oid) ?? (await sidesOf(engine, oid))
    facts.set(oid, { atMs, branch })
    for (const { path, mode, oid: blob } of await entriesAt(engine, oid, blobOf(name)))
      if (mode !== null) found.push({ ref: name, oid, clone, branch, path, kept: { mode, oid: blob }, atMs })
  }
  const ages = await agesOf(engine, found)
  return found.toSorted((a, b) => b.atMs - a.atMs || (ages.get(b) ?? 0) - (ages.get(a) ?? 0))
}

/**
 * Sides of a path that were kept in the same second, which is all that a commit says of its time: how many of the
 * others each is newer than. What the branch, or the remote, had for the older one is part of what it had later.
 */
async function agesOf(engine: GitEngine, found: readonly KeptConflict[]): Promise<ReadonlyMap<KeptConflict, number>> {
  const ages = new Map<KeptConflict, number>()
  const groups = new Map<string, KeptConflict[]>()
  for (const one of found) {
    const name = `${one.clone} ${one.atMs} ${one.path}`
    groups.set(name, [...(groups.get(name) ?? []), one])
  }
  for (const group of groups.values()) {
    if (group.length < 2) continue
    const sides = await Promise.all(group.map(async (one) => ({ one, of: await sidesOf(engine, one.oid) })))
    for (const { one, of } of sides) {
      let age = 0
      for (const other of sides) if (other.one !== one && (await isOlder(engine, other.of, of))) age += 1
      ages.set(one, age)
    }
  }
  return ages
}

interface KeptSides {
  readonly branch: string | null
  readonly ours: Oid
  readonly theirs: Oid
}

async function sidesOf(engine: GitEngine, kept: Oid): Promise<KeptSides> {
  const { message } = await engine.merging.messageOf(kept)
  const read = (name: string): string => new RegExp(`^${name}: ([0-9a-f]+)$`, 'm').exec(message)?.[1] ?? ''
  const branch = /^Workspace-Sync-Branch: (refs\/heads\/\S+)$/m.exec(message)?.[1] ?? null
  return { branch, ours: read('Workspace-Sync-Ours'), theirs: read('Workspace-Sync-Theirs') }
}

/** Commits that were replayed are in nothing that came later; the remote's always are. */
async function isOlder(engine: GitEngine, one: KeptSides, other: KeptSides): Promise<boolean> {
  return (await isBefore(engine, one.ours, other.ours)) || isBefore(engine, one.theirs, other.theirs)
}

async function isBefore(engine: GitEngine, one: Oid, other: Oid): Promise<boolean> {
  return one !== '' && other !== '' && one !== other && isPartOf(engine, one, other)
}

/** refs/workspace-sync/conflicts/<clone>/<blob>, or <blob>-<number> */
function cloneOf(ref: string): string {
  return ref.split('/')[3] ?? ''
}

function blobOf(ref: string): Oid {
  return ref.split('/')[4]?.split('-')[0] ?? ''
}
