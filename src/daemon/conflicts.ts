/** How a person settles what is open between this machine and the remote. */
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { readEntry } from '../evidence/evidence.ts'
import type { GitEngine } from '../git/git.ts'
import { keptSides, placing } from '../integrate/integrate.ts'
import { shellPath, shellWord } from '../shell.ts'
import { pathText, type Oid, type PathBytes, type PlanEntry } from '../types.ts'
import { isListed } from './conditions.ts'
import { choose, type Chosen, type Problem, type Side } from './choose-conflict.ts'
import { forgetDiverged } from './diverged.ts'
import { obstacleThere, takeAway, type Kept } from './kept-elsewhere.ts'
import { openConflicts, type OpenConflict } from './open-conflicts.ts'
import type { StateStore } from './state-file.ts'

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
  readonly config: Pick<Config, 'branches'>
  readonly state: Pick<StateStore, 'value' | 'update'>
}

type Refused = Extract<ResolveAnswer, { kind: 'refused' }>

/** All of the paths, or none; where one cannot be put in its place, the answer says which were settled before. */
export async function resolveConflicts(
  parts: ResolveParts,
  paths: readonly PathBytes[],
  side: Side,
): Promise<ResolveAnswer> {
  const { engine } = parts
  // Before anything is asked: what is saved from here on is seen to be new, and not overwritten.
  const seen = new Map(paths.map((path) => [path, placing.fingerprintOf(engine.repository.root, path)]))
  const elsewhere = await notHere(parts)
  if (elsewhere !== null) return refused(elsewhere)
  const open = await openConflicts(engine, parts.state.value)
  const wanted: Chosen[] = []
  for (const path of new Set(paths)) {
    const chosen = choose(open, path, side)
    if ('problem' in chosen) return refused(chosen)
    wanted.push(chosen)
  }
  const obstacle = await obstacleTo(
    engine,
    wanted.map(({ one }) => one),
    side,
  )
  if (obstacle !== null) return refused(obstacle)
  for (const { one } of wanted) {
    const there = isElsewhere(one) ? await obstacleThere(engine, one, open, new Set(paths)) : null
    if (there !== null) return refused(there)
  }
  const resolved: Resolved[] = []
  for (const [index, { one, older }] of wanted.entries()) {
    const done = await settleOne(engine, one, side, seen)
    if ('problem' in done) return refused(after(resolved, done))
    resolved.push(done, ...older.flatMap(dropped))
    if (!isElsewhere(one)) {
      await forget(parts, [one, ...older])
      continue
    }
    // Its ref may mean another path of these, too: with the last one it goes.
    const isLast = !wanted.slice(index + 1).some((other) => isElsewhere(other.one) && other.one.ref === one.ref)
    const left = isLast ? await takeAway(engine, one) : null
    if (left !== null) return refused(after(resolved, left))
  }
  return { kind: 'resolved', resolved }
}

/** Refs that are still to leave the remote; one that is forgotten is listed there until it is settled again. */
const settledMax = 1_000

function isElsewhere(one: OpenConflict): one is Kept {
  return one.kind === 'kept' && !one.isOwn
}

/** All of them are of one path. */
async function forget(parts: ResolveParts, settled: readonly OpenConflict[]): Promise<void> {
  const { engine } = parts
  const kept = settled.filter((one) => one.kind === 'kept')
  const names = new Set(kept.map(({ ref }) => ref))
  const paths = new Set(settled.map(({ path }) => path))
  const refs = names.size === 0 ? [] : await engine.survey.refs(keptSides.refs)
  // Of a ref that means more than one path the commit may be another one by now.
  for (const ref of refs) if (names.has(ref.name)) await keptSides.without(engine, ref, paths)
  const remaining = new Set((names.size === 0 ? [] : await engine.survey.refs(keptSides.refs)).map(({ name }) => name))
  const gone = refs.filter(({ name }) => names.has(name) && !remaining.has(name))
  if (gone.length > 0) parts.state.update({ settled: [...parts.state.value.settled, ...gone].slice(-settledMax) })
  for (const one of settled) if (one.kind === 'diverged') forgetDiverged(parts, one.branch, paths)
  // This clone had another id once, whose refs on the remote nobody mirrors. What stays there is listed again.
  const old = kept.filter(({ clone }) => clone !== parts.state.value.cloneId)
  const left = old.length === 0 ? [] : (await engine.survey.refs(keptSides.refs)).map(({ name }) => name)
  for (const one of old) if (!left.includes(one.ref)) await takeAway(engine, one)
}

function after(resolved: readonly Resolved[], { problem, hint }: Problem): Problem {
  if (resolved.length === 0) return { problem, hint }
  const names = resolved.map(({ path, replaced }) => {
    return replaced === null ? pathText(path) : `${pathText(path)} (in place of git cat-file blob ${replaced})`
  })
  return { problem: `${problem}; settled before it: ${names.join(', ')}`, hint }
}

/** Each is named: nothing else knows its blob then. */
function dropped(one: OpenConflict): readonly Resolved[] {
  return one.kind === 'kept' ? [{ path: one.path, replaced: one.kept.oid }] : []
}

/** On a branch that is not synced nobody commits what is put there, and what it replaces is not what was open. */
async function notHere(parts: ResolveParts): Promise<Problem | null> {
  const { ref } = await parts.engine.head()
  if (ref !== null && isListed(parts, ref)) return null
  const where = ref === null ? 'HEAD is on no branch' : `branch ${ref.replace(/^refs\/heads\//, '')} is not synced`
  const [listed] = parts.config.branches ?? parts.state.value.branches ?? []
  const back = listed === undefined ? 'switch to a branch that is synced' : `git switch ${shellWord(listed)} goes back`
  return { problem: `${where}: no conflict is settled there`, hint: back }
}

/** What would be overwritten has to be safe first. */
async function obstacleTo(engine: GitEngine, wanted: readonly OpenConflict[], side: Side): Promise<Problem | null> {
  const { oid: head } = await engine.head()
  // The index would still have the older one, for the next commit by hand to take.
  const left = wanted.filter(({ kind }) => kind === 'diverged' && side === 'theirs').map(({ path }) => path)
  const [staged] = (await engine.staging(head, left)).keys()
  if (staged !== undefined) return isStaged(staged)
  const overwritten = wanted.filter(({ kind }) => kind === 'kept' && side === 'ours').map(({ path }) => path)
  if (overwritten.length === 0) return null
  const changed = new Set(await engine.changedPaths())
  // Git says nothing of what it was told to look away from, or ignores.
  const hidden = await engine.hidden(overwritten)
  const tracked = await engine.entriesAt(head, overwritten)
  for (const path of overwritten) {
    const looksAway = hidden.get(path)
    if (looksAway !== undefined) return hiddenThere(path, looksAway)
    if (changed.has(path)) return notCommitted(path)
    if (!tracked.has(path) && readKind(engine, path) !== null) return ignoredThere(path)
  }
  return null
}

function isStaged(path: PathBytes): Problem {
  const hint = `give it back first: git restore --staged ${shellPath(path)}`
  return { problem: `${pathText(path)} is staged`, hint }
}

function notCommitted(path: PathBytes): Problem {
  return {
    problem: `${pathText(path)} has changes that are not committed yet`,
    hint: `commit them first: workspace-sync sync ${shellPath(path)}; ${orAsItIs}`,
  }
}

function hiddenThere(path: PathBytes, how: 'left-out' | 'assumed-unchanged'): Problem {
  const option = how === 'left-out' ? '--no-skip-worktree' : '--no-assume-unchanged'
  return {
    problem: `git was told to look away from ${pathText(path)}: what lies there may be nowhere else`,
    hint: `let it look again: git update-index ${option} ${shellPath(path)}; ${orAsItIs}`,
  }
}

function ignoredThere(path: PathBytes): Problem {
  return {
    problem: `${pathText(path)} is ignored here: what lies there is in no commit`,
    hint: `move it away first, or track it: git add -f ${shellPath(path)}; ${orAsItIs}`,
  }
}

const orAsItIs = 'or let the file count as it is: leave out --ours'

async function settleOne(
  engine: GitEngine,
  one: OpenConflict,
  side: Side,
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<Resolved | Problem> {
  const { path } = one
  if (one.kind === 'kept') {
    const problem = side === 'ours' ? await bring(engine, one.oid, path, seen) : null
    return problem ?? { path, replaced: side === 'ours' ? null : one.kept.oid }
  }
  const from = one.under ?? (await engine.head()).oid
  if (side !== 'theirs' || from === null) return { path, replaced: null }
  const kind = readKind(engine, path)
  const written = kind === null ? null : (await engine.writeBlobs([{ path, kind }])).get(path)
  // What cannot be kept is not thrown away.
  if (kind !== null && typeof written !== 'string') return notPlaced(path, 'what lies there cannot be kept')
  const problem = await bring(engine, from, path, seen)
  return problem ?? { path, replaced: typeof written === 'string' ? written : null }
}

function readKind({ repository }: GitEngine, path: PathBytes): 'file' | 'link' | null {
  const kind = readEntry(repository.root, path)?.kind
  return kind === undefined || kind === 'directory' ? null : kind === 'link' ? 'link' : 'file'
}

/** A file of a commit to its place in the work tree; as a person would put it there, so that it is synced like any. */
async function bring(
  engine: GitEngine,
  commit: Oid,
  path: PathBytes,
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<Problem | null> {
  const { root, stateDir } = engine.repository
  const entry = (await engine.entriesAt(commit, [path])).get(path)
  const staged = entry === undefined ? stateDir : await engine.merging.stage(commit, [path], false)
  const what: PlanEntry = entry === undefined ? { path, mode: null, oid: null } : { path, ...entry }
  if (placing.lackingIn(staged, [what]).length > 0) return notPlaced(path, 'a filter of git failed on it')
  const context = { root, staged, aside: join(stateDir, 'resolved'), wrote: () => {} }
  const { moved, refused: codes } = await placing.placeFiles(context, [what], seen)
  if (moved.length > 0) return notPlaced(path, 'it was changed at this very moment')
  return codes[0] === undefined ? null : notPlaced(path, `the system does not let it be written (${codes[0].code})`)
}

function notPlaced(path: PathBytes, why: string): Problem {
  return {
    problem: `${pathText(path)} stays as it is: ${why}`,
    hint: 'clear the way and say it again; nothing of either side is lost meanwhile',
  }
}

function refused({ problem, hint }: { readonly problem: string; readonly hint: string }): Refused {
  return { kind: 'refused', isUsage: false, problem, hint }
}
