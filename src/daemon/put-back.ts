/** What an integration placed and did not bring to its end: either the branch follows, or all of it goes back. */
import { join, posix } from 'node:path'
import type { BlobFacts } from '../evidence/evidence.ts'
import type { CommitChange } from '../git/git.ts'
import { placing } from '../integrate/integrate.ts'
import type { Oid, PathBytes, PlanEntry } from '../types.ts'
import type { Parts } from './board.ts'
import { isSameEntry, liesAs } from './disk-side.ts'
import { keepExposed } from './exposed.ts'
import { failureOf } from './failure.ts'
import type { State } from './state-schema.ts'
import { storeLimits } from './store-limits.ts'

type Bringing = NonNullable<State['bringing']>

/**
 * To be written before the first file is placed: after a crash nothing else tells whose the bytes are.
 * @param there lay there already, and is not ours to take away
 * @param apart what is about to be noted of paths that stay as they are here
 */
export function beginBringing(
  { state }: Parts,
  { base, commit, there, apart }: Pick<Bringing, 'base' | 'commit' | 'there'> & { readonly apart: readonly Apart[] },
): void {
  const paths = new Set(apart.map(({ path }) => path))
  const diverged = state.value.diverged.filter(({ path }) => paths.has(path))
  state.update({ bringing: { base, commit, there, diverged } })
}

interface Apart {
  readonly path: PathBytes
}

/** The branch has followed. What stays noted finds nothing to put back. */
export function endBringing({ state }: Parts): void {
  try {
    state.update({ bringing: null })
  } catch (error) {
    failureOf(error)
  }
}

/**
 * Puts back what lies there exactly as it was placed. The remote may have gone on, or back, by the time of the next
 * pull: only from where HEAD is does that come in whole. Who has changed a file since keeps it.
 * @returns how many paths went back
 * @throws SyncError or the system's error when it cannot be done just now: until then nothing may be committed
 */
export async function putBack(parts: Parts): Promise<number> {
  const { engine, state } = parts
  const { bringing } = state.value
  if (bringing === null) return 0
  const { oid: head } = await engine.head()
  const { commit } = bringing
  // Its objects may be gone, and then nothing tells what was placed.
  const isKnown = (await engine.history.commit(commit)) !== null
  if (!isKnown || (head !== null && (await engine.history.isAncestor(commit, head)))) {
    state.update({ bringing: null })
    return 0
  }
  const { placed, made, seen } = await placedOf(parts, head, bringing)
  const count = placed.length === 0 ? 0 : await replace(parts, head, placed, seen)
  for (const path of made) placing.removeEmptyAbove(engine.repository.root, path)
  if (state.value.exposed.length > 0) await keepExposed(parts)
  state.update({ bringing: null, diverged: divergedBefore(state.value.diverged, bringing) })
  return count
}

interface Placed {
  readonly placed: readonly CommitChange[]
  /** For which directories may have been made, though nothing more than that came about. */
  readonly made: readonly PathBytes[]
  readonly seen: ReadonlyMap<PathBytes, string | null>
}

async function placedOf(parts: Parts, head: Oid | null, { base, commit, there }: Bringing): Promise<Placed> {
  const { engine, evidence } = parts
  const { root, fileMode } = engine.repository
  const lay = new Set(there)
  const all = await engine.merging.changesBetween(base, commit)
  const changes = all.filter(({ path, before, after }) => !lay.has(path) && ![before, after].some(isSubmodule))
  const paths = changes.map(({ path }) => path)
  const seen = new Map(paths.map((path) => [path, placing.fingerprintOf(root, path)]))
  const facts = await evidence.collectBlobs(head, paths, () => undefined, storeLimits(parts))
  const open = changes.filter(({ path, before }) => isOpen(facts.get(path), before))
  const alike = new Set(open.filter(({ path, after }) => liesAs(facts.get(path), after)))
  // What a filter or a conversion makes of a file need not be the blob that it came from.
  const doubtful = open.flatMap((one) => (alike.has(one) || one.after === null ? [] : [one]))
  if (doubtful.length > 0) {
    const names = doubtful.map(({ path }) => path)
    const staged = await engine.merging.stage(commit, names, changesAttributes(all))
    for (const one of doubtful) if (placing.liesAsStaged(staged, root, one.path, fileMode)) alike.add(one)
  }
  const made = changes.flatMap(({ path, before }) => (before === null ? [path] : []))
  return { placed: open.filter((one) => alike.has(one)), made, seen }
}

/** HEAD has what was there before, and the path does not lie there like that. */
function isOpen(fact: BlobFacts | undefined, before: CommitChange['before']): boolean {
  if (fact === undefined || fact.staging !== 'none' || liesAs(fact, before)) return false
  return isSameEntry(fact.base, before)
}

function isSubmodule(entry: CommitChange['after']): boolean {
  return entry?.mode === '160000'
}

function changesAttributes(changes: readonly CommitChange[]): boolean {
  return changes.some(({ path }) => posix.basename(path) === '.gitattributes')
}

/** @returns how many went back: others were changed in this very moment, or are not let be written */
async function replace(
  { engine, ownWrites, clock }: Parts,
  head: Oid | null,
  placed: readonly CommitChange[],
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<number> {
  const { root, stateDir } = engine.repository
  const present = placed.flatMap(({ path, before }) => (before === null ? [] : [path]))
  const staged = head === null ? stateDir : await engine.merging.stage(head, present, changesAttributes(placed))
  const entries = placed.map(({ path, before }): PlanEntry =>
    before === null ? { path, mode: null, oid: null } : { path, ...before },
  )
  placing.readyReplaced(join(stateDir, 'replaced'), staged, present)
  const lacking = new Set(placing.lackingIn(staged, entries))
  const wrote = (path: PathBytes, fingerprint: string | null): void => ownWrites.wrote(path, fingerprint, clock.nowMs())
  const context = { root, staged, aside: join(stateDir, 'put-back'), wrote }
  const ready = entries.filter(({ path }) => !lacking.has(path))
  const { moved, refused } = await placing.placeFiles(context, ready, seen)
  return ready.length - moved.length - refused.length
}

/** Nothing is older than a commit that the branch never had. */
function divergedBefore(now: State['diverged'], { commit, diverged }: Bringing): State['diverged'] {
  const undone = now.filter(({ theirs }) => theirs?.commit === commit)
  const again = diverged.filter((one) => undone.some(({ path }) => path === one.path))
  return [...now.filter((one) => !undone.includes(one)), ...again]
}
