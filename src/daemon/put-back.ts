/** What an integration placed and did not bring to its end: either the branch follows, or all of it goes back. */
import { rmSync } from 'node:fs'
import { join, posix } from 'node:path'
import { SyncError } from '../errors.ts'
import type { BlobFacts } from '../evidence/evidence.ts'
import type { CommitChange, Head } from '../git/git.ts'
import { placing } from '../integrate/integrate.ts'
import { processes } from '../platform/platform.ts'
import type { Oid, PathBytes, PlanEntry } from '../types.ts'
import type { Parts } from './board.ts'
import { isSameEntry, liesAs } from './disk-side.ts'
import { rememberDiverged } from './diverged.ts'
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
  { apart, ...move }: Omit<Bringing, 'diverged'> & { readonly apart: readonly Apart[] },
): void {
  const paths = new Set(apart.map(({ path }) => path))
  const diverged = state.value.diverged.filter(({ path }) => paths.has(path))
  state.update({ bringing: { ...move, diverged } })
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
 * pull: only from where HEAD is does that come in whole. A file that somebody has changed since, or has open for
 * writing, is theirs. What cannot be written is held from then on.
 * @returns how many paths went back
 * @throws SyncError or the system's error when it cannot be done just now: until then nothing may be committed
 */
export async function putBack(parts: Parts): Promise<number> {
  const { engine, state } = parts
  const { bringing } = state.value
  if (bringing === null) return 0
  const head = await engine.head()
  const hasIt = await isHere(parts, bringing.commit, head.oid)
  const count = hasIt ? 0 : await replacePlaced(parts, head, bringing)
  if (state.value.exposed.length > 0) await keepExposed(parts)
  const diverged = hasIt ? {} : { diverged: divergedBefore(state.value.diverged, bringing) }
  state.update({ bringing: null, ...diverged })
  rmSync(replacedOf(parts), { recursive: true, force: true })
  return count
}

/** The branch has followed; or git has thrown the commit away, and nothing tells what was placed. */
async function isHere({ engine }: Parts, commit: Oid, head: Oid | null): Promise<boolean> {
  if ((await engine.history.commit(commit)) === null) return true
  return head !== null && engine.history.isAncestor(commit, head)
}

/** Second names of what an integration replaces. */
export function replacedOf({ engine }: Parts): string {
  return join(engine.repository.stateDir, 'replaced')
}

async function replacePlaced(parts: Parts, head: Head, bringing: Bringing): Promise<number> {
  const { root } = parts.engine.repository
  const { placed, made, seen } = await placedOf(parts, head.oid, bringing)
  const stuck = placed.length === 0 ? [] : await replace(parts, head.oid, placed, seen)
  for (const path of made) placing.removeEmptyAbove(root, path)
  if (stuck.length > 0 && head.ref !== null && head.oid !== null) {
    // It is older, or newer, than the branch: as long as that is so it is nobody's change.
    const changes = placed.map(({ path, before, after }) => ({ path, before: after, after: before }))
    const apart = stuck.map((path) => ({ path, reason: notPutBack }))
    rememberDiverged(parts, apart, { commit: head.oid, ref: head.ref, changes })
  }
  return placed.length - stuck.length
}

const notPutBack = 'lies here as an interrupted pull left it, and could not be put back'

interface Placed {
  readonly placed: readonly CommitChange[]
  /** For which directories may have been made, though nothing more than that came about. */
  readonly made: readonly PathBytes[]
  readonly seen: ReadonlyMap<PathBytes, string | null>
}

async function placedOf(parts: Parts, head: Oid | null, bringing: Bringing): Promise<Placed> {
  const { engine, evidence } = parts
  const { base, commit } = bringing
  const { root } = engine.repository
  const all = await engine.merging.changesBetween(base, commit)
  const meant = all.filter(({ before, after }) => ![before, after].some(isSubmodule))
  const made = meant.flatMap(({ path, before }) => (before === null ? [path] : []))
  const others = notPlaced(parts, bringing, meant)
  const changes = meant.filter(({ path }) => !others.has(path))
  const paths = changes.map(({ path }) => path)
  const seen = new Map(paths.map((path) => [path, placing.fingerprintOf(root, path)]))
  const facts = await evidence.collectBlobs(head, paths, () => undefined, storeLimits(parts))
  const written = processes.openForWriting(new Set(paths.map((path) => nameOf(root, path))))
  const open = changes.filter(({ path, before }) => isOpen(facts.get(path), before) && !written.has(nameOf(root, path)))
  const alike = new Set(open.filter(({ path, after }) => liesAs(facts.get(path), after)))
  // What a filter or a conversion makes of a file need not be the blob that it came from.
  const doubtful = open.flatMap((one) => (alike.has(one) || one.after === null ? [] : [one]))
  for (const one of await alikeAmong(parts, commit, doubtful, changesAttributes(all))) alike.add(one)
  return { placed: open.filter((one) => alike.has(one)), made, seen }
}

/**
 * What lay there already, and what never came: that lies ready still. To be kept before anything else is made ready in
 * the same place, for this try may fail, and the next one has to know.
 */
function notPlaced({ state }: Parts, bringing: Bringing, meant: readonly CommitChange[]): ReadonlySet<PathBytes> {
  const { ready, there } = bringing
  if (ready === null) return new Set(there)
  const waiting = meant.flatMap(({ path }) => (placing.liesIn(ready, path) ? [path] : []))
  const all = new Set([...there, ...waiting])
  state.update({ bringing: { ...bringing, ready: null, there: [...all] } })
  return all
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

async function alikeAmong(
  { engine }: Parts,
  commit: Oid,
  doubtful: readonly CommitChange[],
  attributesChange: boolean,
): Promise<readonly CommitChange[]> {
  if (doubtful.length === 0) return []
  const { root, fileMode } = engine.repository
  const names = doubtful.map(({ path }) => path)
  const staged = await stagedOrNull(() => engine.merging.stage(commit, names, attributesChange))
  // What nobody can tell from a change counts as one.
  return staged === null ? [] : doubtful.filter(({ path }) => placing.liesAsStaged(staged, root, path, fileMode))
}

/** null: a filter fails on very many. @throws what another try may mend */
async function stagedOrNull(stage: () => Promise<string>): Promise<string | null> {
  try {
    return await stage()
  } catch (error) {
    if (!(error instanceof SyncError) || error.failure?.name !== 'unknown') throw error
    return null
  }
}

/** @returns what could not be written; what was changed in this very moment is its owner's */
async function replace(
  parts: Parts,
  head: Oid | null,
  placed: readonly CommitChange[],
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<readonly PathBytes[]> {
  const { engine, ownWrites, clock } = parts
  const { root, stateDir } = engine.repository
  const present = placed.flatMap(({ path, before }) => (before === null ? [] : [path]))
  const stage = (): Promise<string> => engine.merging.stage(head ?? '', present, changesAttributes(placed))
  const staged = present.length === 0 ? stateDir : await stagedOrNull(stage)
  const entries = placed.map(({ path, before }): PlanEntry =>
    before === null ? { path, mode: null, oid: null } : { path, ...before },
  )
  if (staged !== null) placing.readyReplaced(replacedOf(parts), staged, present)
  const lacking = new Set(staged === null ? present : placing.lackingIn(staged, entries))
  const wrote = (path: PathBytes, fingerprint: string | null): void => ownWrites.wrote(path, fingerprint, clock.nowMs())
  const context = { root, staged: staged ?? stateDir, aside: join(stateDir, 'put-back'), wrote }
  const ready = entries.filter(({ path }) => !lacking.has(path))
  const { refused } = await placing.placeFiles(context, ready, seen)
  return [...lacking, ...refused.map(({ path }) => path)]
}

/** As `processes` has it. */
function nameOf(root: string, path: PathBytes): string {
  return Buffer.from(`${root}/`).toString('latin1') + path
}

/** Nothing is older than a commit that the branch never had. */
function divergedBefore(now: State['diverged'], { ref, commit, diverged }: Bringing): State['diverged'] {
  const undone = now.filter((one) => one.ref === ref && one.theirs?.commit === commit)
  const again = diverged.filter((one) => undone.some(({ path }) => path === one.path))
  return [...now.filter((one) => !undone.includes(one)), ...again]
}
