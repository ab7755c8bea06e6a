/** What is open between this machine and the remote, and how a person settles it. */
import { join } from 'node:path'
import type { GitEngine } from '../git/git.ts'
import { keptSides, placing, type KeptConflict } from '../integrate/integrate.ts'
import { pathText, type Oid, type PathBytes } from '../types.ts'
import { forgetDiverged } from './diverged.ts'
import type { StateStore } from './state-file.ts'
import type { State } from './state-schema.ts'

/** ours: what was written on this machine. theirs: what the remote had. file: what lies in the work tree now. */
export type Side = 'ours' | 'theirs' | 'file'

export type OpenConflict =
  /** The branch has the remote's side; ours is kept on a ref. */
  | ({ readonly kind: 'kept'; readonly isOwn: boolean } & KeptConflict)
  /** The branch has the remote's side; what lies in the work tree was made without it. */
  | { readonly kind: 'diverged'; readonly path: PathBytes; readonly reason: string; readonly atMs: number }

export interface Resolved {
  readonly path: PathBytes
  /** What had to give way, still in the object store for git's usual time; null: nothing did. */
  readonly replaced: Oid | null
}

export type ResolveAnswer =
  | { readonly kind: 'resolved'; readonly resolved: readonly Resolved[] }
  | { readonly kind: 'refused'; readonly isUsage: boolean; readonly problem: string; readonly hint: string }

export interface ResolveParts {
  readonly engine: GitEngine
  readonly state: Pick<StateStore, 'value' | 'update'>
}

type Refused = Extract<ResolveAnswer, { kind: 'refused' }>

/** The newest first; those that other clones keep too, as far as they were fetched. */
export async function openConflicts(
  engine: GitEngine,
  state: Pick<State, 'diverged' | 'cloneId'> | null,
): Promise<readonly OpenConflict[]> {
  const kept = await keptSides.all(engine)
  return [
    ...(state?.diverged ?? []).map(({ path, reason, atMs }) => ({ kind: 'diverged', path, reason, atMs }) as const),
    ...kept.map((one) => ({ kind: 'kept', isOwn: one.ref.startsWith(keptSides.refs), ...one }) as const),
  ]
}

/** Paths of which this clone keeps its own side; the same path once. */
export async function keptHere(engine: GitEngine): Promise<readonly PathBytes[]> {
  const own = (await openConflicts(engine, null)).filter((one) => one.kind === 'kept' && one.isOwn)
  return [...new Set(own.map(({ path }) => path))]
}

/** All of the paths, or none: what is refused changes nothing. */
export async function resolveConflicts(
  parts: ResolveParts,
  paths: readonly PathBytes[],
  side: Side,
): Promise<ResolveAnswer> {
  const open = await openConflicts(parts.engine, parts.state.value)
  const wanted: OpenConflict[] = []
  for (const path of paths) {
    const found = open.filter((one) => one.path === path)
    const own = found.filter((one) => one.kind === 'diverged' || one.isOwn)
    if (own.length === 0) return refused(found.length > 0 ? keptElsewhere(path) : notOpen(path))
    wanted.push(...own)
  }
  const obstacle = await obstacleTo(parts.engine, wanted, side)
  if (obstacle !== null) return refused(obstacle)
  const resolved: Resolved[] = []
  for (const one of wanted) resolved.push(await settleOne(parts, one, side))
  const isSettled = new Set(wanted.flatMap((one) => (one.kind === 'kept' ? [one.ref] : [])))
  await parts.engine.survey.removeRefs(
    (await parts.engine.survey.refs(keptSides.refs)).filter(({ name }) => isSettled.has(name)),
  )
  forgetDiverged(parts, new Set(paths))
  return { kind: 'resolved', resolved }
}

/** What would be overwritten has to be safe first. */
async function obstacleTo(
  engine: GitEngine,
  wanted: readonly OpenConflict[],
  side: Side,
): Promise<{ readonly problem: string; readonly hint: string } | null> {
  const overwritten = wanted.filter(({ kind }) => kind === 'kept' && side === 'ours').map(({ path }) => path)
  const changed = new Set(overwritten.length === 0 ? [] : await engine.changedPaths())
  const [first] = overwritten.filter((path) => changed.has(path))
  if (first === undefined) return null
  return {
    problem: `${pathText(first)} has changes that are not committed yet`,
    hint: `commit them first: workspace-sync sync ${pathText(first)}; or let the file count as it is: leave out --ours`,
  }
}

async function settleOne({ engine }: ResolveParts, one: OpenConflict, side: Side): Promise<Resolved> {
  const { path } = one
  if (one.kind === 'kept') {
    if (side === 'ours') await bring(engine, one.oid, path, true)
    return { path, replaced: side === 'theirs' ? one.kept.oid : null }
  }
  if (side !== 'theirs') return { path, replaced: null }
  const { oid: head } = await engine.head()
  const written = (await engine.writeBlobs([{ path, kind: 'file' }])).get(path)
  const isThere = head !== null && (await engine.entriesAt(head, [path])).has(path)
  if (head !== null) await bring(engine, head, path, isThere)
  return { path, replaced: typeof written === 'string' ? written : null }
}

/** A file of a commit to its place in the work tree; as a person would put it there, so that it is synced like any. */
async function bring(engine: GitEngine, commit: Oid, path: PathBytes, isThere: boolean): Promise<void> {
  const { root, stateDir } = engine.repository
  const seen = new Map([[path, placing.fingerprintOf(root, path)]])
  const staged = isThere ? await engine.merging.stage(commit, [path]) : stateDir
  const entry = (await engine.entriesAt(commit, [path])).get(path)
  const context = { root, staged, aside: join(stateDir, 'replaced'), wrote: () => {} }
  const what =
    entry === undefined ? { path, mode: null, oid: null } : ({ path, mode: entry.mode, oid: entry.oid } as const)
  await placing.placeFiles(context, [what], seen)
}

function refused({ problem, hint }: { readonly problem: string; readonly hint: string }): Refused {
  return { kind: 'refused', isUsage: false, problem, hint }
}

function notOpen(path: PathBytes) {
  return { problem: `${pathText(path)} is in no conflict`, hint: 'see workspace-sync conflicts list' }
}

function keptElsewhere(path: PathBytes) {
  return {
    problem: `the other side of ${pathText(path)} is kept by another clone`,
    hint: 'look at it here with workspace-sync conflicts show, and settle it there',
  }
}
