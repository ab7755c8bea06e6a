/** Takes one automatic commit back with a commit that goes forward. */
import { readdirSync } from 'node:fs'
import { join, posix } from 'node:path'
import { commitMessage, decideUndo, undoTemplate, type Signature, type UndonePath } from '../commit/commit.ts'
import { errnoOf, SyncError } from '../errors.ts'
import { createEvidence, readEntry } from '../evidence/evidence.ts'
import type { CommitChange, CommitJournal, CommitSummary, GitEngine, Head } from '../git/git.ts'
import { placing } from '../integrate/integrate.ts'
import type { Clock } from '../platform/platform.ts'
import { pathText, type CommitOutcome, type HeldPath, type Oid, type PathBytes, type PlanEntry } from '../types.ts'
import type { OwnWrites } from '../witness/witness.ts'
import { isSameEntry } from './disk-side.ts'
import { failureOf } from './failure.ts'
import type { StateStore } from './state-file.ts'

/** Obstacles named; more are counted. */
const obstaclesNamed = 5
/** Automatic commits among which that of an undo is looked for after a crash. */
const undoneMax = 1_000
/** Files looked through below a directory that stands where a file shall come back. */
const belowMax = 10_000

export interface UndoDone {
  readonly kind: 'undone'
  /** null: it was only asked what would be done. */
  readonly commit: Oid | null
  readonly undoes: Oid
  readonly subject: string
  readonly paths: readonly { readonly path: PathBytes; readonly change: 'restored' | 'removed' }[]
  /** Changed in this very moment, or not to be written, and left as they are. */
  readonly kept: readonly PathBytes[]
}

export type UndoAnswer =
  UndoDone | { readonly kind: 'refused'; readonly isUsage: boolean; readonly problem: string; readonly hint: string }

export interface UndoParts {
  readonly engine: GitEngine
  readonly clock: Clock
  readonly journal: CommitJournal
  readonly ownWrites: OwnWrites | null
  /** Finds the commit again after a crash; never used twice. */
  readonly id: string
  /** Takes down whose files are still to follow, for `finishUndo`. @throws the system's error. */
  readonly note: (id: string | null) => void
  /** What this clone signs with, the present one first. */
  readonly hosts: readonly string[]
}

type Refused = Extract<UndoAnswer, { kind: 'refused' }>

/** @param name null: the last automatic commit of this clone, be it an undo itself. */
export async function undo(parts: UndoParts, name: string | null, dryRun: boolean): Promise<UndoAnswer> {
  const { engine } = parts
  const head = await engine.head()
  const { oid } = head
  const [pause] = await engine.pauses()
  if (pause !== undefined) return refused(pause.what, pause.remedy)
  if (head.ref === null || oid === null) return refused('HEAD is on no commit of a branch', 'nothing is to be undone')
  const target = await targetOf(parts, oid, name)
  if ('kind' in target) return target
  const changes = await engine.history.changesOf(target.oid)
  const { states, seen } = await statesOf(parts, head, changes)
  const decision = decideUndo(states)
  if (decision.kind === 'nothing') {
    return refused(`${short(target)} is undone already: all it changed is as before`, 'see workspace-sync history')
  }
  if (decision.kind === 'refused') {
    const named = decision.obstacles.slice(0, obstaclesNamed).map(obstacleText)
    const more = decision.obstacles.length - named.length
    const list = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
    const hint = `commit or put away what is newer first; or let git merge: git revert ${target.oid.slice(0, 10)}`
    return refused(`undoing ${short(target)} would overwrite newer work: ${list}`, hint)
  }
  const { entries } = decision
  const done = (commit: Oid | null, made: readonly PlanEntry[], kept: readonly PathBytes[]): UndoDone => ({
    kind: 'undone',
    commit,
    undoes: target.oid,
    subject: target.subject,
    paths: made.map(({ path, mode }) => ({ path, change: mode === null ? 'removed' : 'restored' })),
    kept,
  })
  if (dryRun) return done(null, entries, [])
  const { id, journal } = parts
  const signature = { ...signatureOf(parts, target.oid), id }
  const message = (left: readonly PlanEntry[]): string => commitMessage(left, signature)
  parts.note(id)
  const outcome = await engine.commit({ id, ref: head.ref, base: oid, entries, message }, journal)
  if (outcome.kind !== 'committed') {
    forget(parts)
    return failedCommit(outcome)
  }
  await engine.settled()
  const made = entries.filter(({ path }) => outcome.paths.includes(path))
  const kept = await bring(parts, outcome.oid, made, seen)
  forget(parts)
  return done(outcome.oid, made, kept)
}

/** One that stays finds everything in place. */
function forget({ note }: UndoParts): void {
  try {
    note(null)
  } catch (error) {
    failureOf(error)
  }
}

/**
 * What a crash kept from following the commit of an undo follows now, or it would be committed again as an edit. Where
 * the commit was not made nothing follows; neither does a file that was changed or committed since.
 * @param id as it was noted
 */
async function finishUndo(parts: Following, id: string): Promise<void> {
  const { engine } = parts
  const head = await engine.head()
  if (head.oid === null) return
  const last = await engine.history.automaticCommits(head.oid, [], undoneMax)
  const made = last.find((commit) => commit.id === id)
  if (made === undefined) return
  const changes = await engine.history.changesOf(made.oid)
  const back = changes.map(({ path, before, after }) => ({ path, before: after, after: before }))
  const { states, seen } = await statesOf(parts, head, back)
  const entries = states.flatMap((one) => {
    if (!isSameEntry(one.head, one.before)) return []
    const decision = decideUndo([{ ...one, head: one.after }])
    return decision.kind === 'undo' ? decision.entries : []
  })
  if (entries.length > 0) await bring(parts, head.oid, entries, seen)
}

/** The same for what `state.json` says. */
export async function finishNoted(
  parts: Following & { readonly state: Pick<StateStore, 'value' | 'update'> },
): Promise<void> {
  const { undoing } = parts.state.value
  if (undoing === null) return
  await finishUndo(parts, undoing)
  parts.state.update({ undoing: null })
}

type Following = Pick<UndoParts, 'engine' | 'clock' | 'ownWrites'>

/** The work tree follows. @returns paths that are as their owner left them */
async function bring(
  { engine, ownWrites, clock }: Following,
  commit: Oid,
  entries: readonly PlanEntry[],
  seen: ReadonlyMap<PathBytes, string | null>,
): Promise<readonly PathBytes[]> {
  const { root, stateDir } = engine.repository
  const present = entries.filter(({ mode }) => mode !== null).map(({ path }) => path)
  const attributesChange = entries.some(({ path }) => posix.basename(path) === '.gitattributes')
  const wrote = (path: PathBytes, fingerprint: string | null): void =>
    ownWrites?.wrote(path, fingerprint, clock.nowMs())
  try {
    const staged = await engine.merging.stage(commit, present, attributesChange)
    const lacking = placing.lackingIn(staged, entries)
    const ready = entries.filter(({ path }) => !lacking.includes(path))
    const context = { root, staged, aside: join(stateDir, 'undone'), wrote }
    const { moved, refused: unwritten } = await placing.placeFiles(context, ready, seen)
    return [...lacking, ...moved, ...unwritten.map(({ path }) => path)]
  } catch (error) {
    // The commit is made: what the disk does not take shows as a change, and nothing of it is lost.
    if (errnoOf(error) === null && !(error instanceof SyncError)) throw error
    return entries.map(({ path }) => path)
  }
}

/** What another machine committed is not taken back for a slip of the hand here: only when it is named. */
async function targetOf(
  { engine, hosts }: UndoParts,
  head: Oid,
  name: string | null,
): Promise<CommitSummary | Refused> {
  if (name === null) {
    const own = await engine.history.lastOfClone(head, hosts)
    if (own !== null) return checked(own)
    const [last] = await engine.history.automaticCommits(head, [], 1)
    if (last === undefined) return refused('there is no automatic commit to undo', 'see workspace-sync history')
    const problem = `this clone has made no automatic commit here; the last one, ${short(last)}, is another clone's`
    return refused(problem, `to undo that one, name it: workspace-sync undo ${last.oid.slice(0, 10)}`)
  }
  const commit = await engine.history.commit(name)
  if (commit === null) {
    return { ...refused(`there is no commit "${name}"`, 'see workspace-sync history'), isUsage: true }
  }
  if (!(await engine.history.isAncestor(commit.oid, head))) {
    return refused(`${short(commit)} is not in this branch`, 'see workspace-sync history, or switch to its branch')
  }
  return checked(commit)
}

function checked(commit: CommitSummary): CommitSummary | Refused {
  if (commit.id === null) {
    const how = commit.parents.length > 1 ? 'git revert -m 1' : 'git revert'
    const hint = `undo takes back automatic commits only; ${how} ${commit.oid.slice(0, 10)} takes back this one`
    return refused(`${short(commit)} was not made by workspace-sync`, hint)
  }
  if (commit.parents.length === 1) return commit
  if (commit.parents.length === 0) {
    return refused(`${short(commit)} is the first commit: there is nothing before it`, 'delete what it added instead')
  }
  return refused(`${short(commit)} is a merge`, `git revert -m 1 ${commit.oid.slice(0, 10)} takes it back`)
}

/** How each path stands at HEAD, in the index and on disk; and what lies there, to notice a later change. */
async function statesOf({ engine, clock }: Following, head: Head, changes: readonly CommitChange[]) {
  const { root } = engine.repository
  const paths = changes.map(({ path }) => path)
  const seen = new Map(paths.map((path) => [path, placing.fingerprintOf(root, path)]))
  const facts = await createEvidence(engine, clock).collectBlobs(head.oid, paths, () => undefined, {
    maxFileBytes: Infinity,
    agreed: [],
  })
  const removed = new Set(changes.filter(({ before }) => before === null).map(({ path }) => path))
  const states = changes.map((change): UndonePath => {
    const fact = facts.get(change.path)
    const entry = fact?.entry ?? null
    return {
      ...change,
      head: fact?.base ?? null,
      disk:
        fact?.blob ??
        (entry === null && fact?.unreadable == null ? null : entry?.kind === 'directory' ? 'directory' : 'unreadable'),
      staging: fact?.staging ?? 'none',
      othersBelow: change.before !== null && entry?.kind === 'directory' && hasOthers(root, change.path, removed),
    }
  })
  return { states, seen }
}

/** Whether something lies below that is not among `removed`; what cannot be looked at counts as something. */
function hasOthers(root: string, directory: PathBytes, removed: ReadonlySet<PathBytes>): boolean {
  try {
    return findOthers(root, directory, removed)
  } catch (error) {
    if (errnoOf(error) === null) throw error
    return true
  }
}

function findOthers(root: string, directory: PathBytes, removed: ReadonlySet<PathBytes>): boolean {
  const open: PathBytes[] = [directory]
  for (let looked = 0; looked < belowMax; looked++) {
    const at = open.pop()
    if (at === undefined) return false
    const names = readdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from(at, 'latin1')]), {
      encoding: 'latin1',
    })
    for (const name of names) {
      const path = `${at}/${name}` as PathBytes
      if (readEntry(root, path)?.kind === 'directory') open.push(path)
      else if (!removed.has(path)) return true
    }
  }
  return true
}

function signatureOf({ hosts: [host = 'unknown'] }: UndoParts, undoes: Oid): Signature {
  return { host, writer: 'human', template: undoTemplate(undoes), skipCi: false, undoes }
}

function failedCommit(outcome: Exclude<CommitOutcome, { kind: 'committed' }>): Refused {
  switch (outcome.kind) {
    case 'head-moved':
      return refused('somebody committed or staged something at the same moment', 'try again')
    case 'hook-refused':
      return refused(
        `the ${outcome.hook} hook refused it: ${outcome.detail}`,
        'settle what the hook says, then try again',
      )
    case 'empty': {
      const [first] = outcome.leftOut
      return refused(first === undefined ? 'it changes nothing' : obstacleText(first), 'see git status')
    }
    case 'failed':
      return refused(outcome.failure.detail, outcome.failure.hint)
  }
}

function obstacleText({ path, reason }: HeldPath): string {
  return `${pathText(path)} ${reason}`
}

function short({ oid, subject }: CommitSummary): string {
  return `${oid.slice(0, 10)} (${subject})`
}

function refused(problem: string, hint: string): Refused {
  return { kind: 'refused', isUsage: false, problem, hint }
}
