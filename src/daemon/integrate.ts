/** Brings the remote's commits into the branch and the work tree, beside everything that is changing here. */
import { posix } from 'node:path'
import { mergeMessage } from '../commit/commit.ts'
import type { CommitChange, Head, Upstream } from '../git/git.ts'
import { keptSides, placing, prepareIntegration, type Integration } from '../integrate/integrate.ts'
import type { IntegrationResult } from '../schedule/schedule.ts'
import { pathText, type Failure, type Oid, type PathBytes, type Pause, type PlanEntry } from '../types.ts'
import { dealtMark, type Board, type Parts } from './board.ts'
import { isListed } from './conditions.ts'
import { commonName, keptHere } from './open-conflicts.ts'
import { contestedPaths, type Contested } from './contested.ts'
import { forgetDiverged, rememberDiverged } from './diverged.ts'
import { failureOf } from './failure.ts'
import { hostsOf } from './hosts.ts'
import { changesIgnoreRules, keepExposed, rememberIgnored } from './exposed.ts'
import { unwanted } from './pulled-trust.ts'
import { beginBringing, endBringing, replacedOf } from './put-back.ts'
import { recovered } from './recovered.ts'
import { followed, isEmptiedHere, lastTip, lostTip, seenTip, type Followed } from './remote-tips.ts'
import { foreignCommits, type Rewritten } from './rewritten.ts'

/** Commits of paths that changed on both sides, or saves in this very moment, after which everything is asked anew. */
const roundsMax = 4

type Step = { readonly kind: 'again'; readonly commits: number } | IntegrationResult

/** @param commitsMax for so many commits of paths that changed here and on the remote the budget has room */
export async function integrate(
  parts: Parts,
  board: Board,
  commitsMax: number,
  pauses: () => Promise<readonly Pause[]>,
): Promise<IntegrationResult> {
  let commits = 0
  board.committing = true
  try {
    for (let round = 0; round < roundsMax; round++) {
      const step = await attempt(parts, board, commits < commitsMax, pauses)
      commits += step.commits
      if (step.kind !== 'later') board.waitsSinceMs = null
      if (step.kind !== 'again') return { ...step, commits }
    }
    return { kind: 'later', commits }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error), commits }
  } finally {
    board.committing = false
  }
}

const later: Step = { kind: 'later', commits: 0 }

async function attempt(
  parts: Parts,
  board: Board,
  mayCommit: boolean,
  pauses: () => Promise<readonly Pause[]>,
): Promise<Step> {
  const { engine } = parts
  const unsettled = (await engine.settled()) ?? (await recovered(parts))
  if (unsettled !== null) return failed(unsettled)
  const head = await engine.head()
  if (head.ref === null || !isListed(parts, head.ref)) return later
  const branch = await followed(parts, head.ref)
  const { upstream } = branch
  if (upstream === null || isEmptiedHere(parts, branch, head.oid)) return later
  if ((await pauses()).length > 0) return { kind: 'stopped', commits: 0 }
  const last = lastTip(parts, branch)
  const asked = await fetched(parts, head.oid, upstream)
  if ('name' in asked) return failed(asked)
  const { tip, ahead } = asked
  if (tip === null) {
    if (last !== null) return rewritten(board, { head: head.oid, tip, lost: last, where: 'there', foreign: [] })
    return { kind: 'done', ahead, commits: 0 }
  }
  const changed = async (lost: Oid, where: Rewritten['where'], ref: string): Promise<Step> =>
    rewritten(board, {
      head: head.oid,
      tip,
      lost,
      where,
      foreign: await foreignCommits(engine, ref, { head: head.oid, tip, had: last }),
    })
  const lost = head.oid === null ? null : await lostTip(engine, last, head.oid, tip)
  if (lost !== null) return changed(lost, 'there', head.ref)
  const startedMs = parts.clock.monotonicMs()
  const integration = await prepareIntegration(engine, {
    ref: head.ref,
    head: head.oid,
    tip,
    had: last,
    mode: parts.config.pull.mode,
    message: messageOf(parts, upstream),
    documents: parts.classifier.documents,
  })
  switch (integration.kind) {
    case 'nothing':
      seenTip(parts, branch, tip)
      return { kind: 'done', ahead, commits: 0 }
    case 'failed':
      return failed(integration.failure)
    case 'unrelated':
      return failed(unrelated)
    case 'rewritten':
      return changed(integration.oid, 'here', head.ref)
    case 'ready':
      // With it may have come a word about what is kept here.
      board.mirrored = null
      return carryOut(parts, board, { head, branch, base: head.oid, tip, mayCommit, startedMs }, integration)
  }
}

type Ready = Extract<Integration, { kind: 'ready' }>

interface Undertaking {
  readonly head: Head
  readonly branch: Followed
  readonly base: Oid | null
  readonly tip: Oid
  readonly mayCommit: boolean
  readonly startedMs: number
}

async function carryOut(
  parts: Parts,
  board: Board,
  { head, branch, base, tip, mayCommit, startedMs }: Undertaking,
  integration: Ready,
): Promise<Step> {
  const { engine } = parts
  const { commit, changes, conflicts, ahead } = integration
  const { root } = engine.repository
  if (await unwanted(parts, base, tip, changes)) return { kind: 'stopped', commits: 0 }
  const seen = new Map(changes.map(({ path }) => [path, placing.fingerprintOf(root, path)]))
  const contested = await contestedPaths(parts, board, head, changes, seen, mayCommit)
  if (contested.kind === 'failed') return failed(contested.failure)
  if (contested.kind === 'committed') return { kind: 'again', commits: contested.commits }
  if (contested.kind === 'waits') return later
  const wanted = entriesOf(withoutLeft(changes, contested))
  const staged = await engine.merging.stage(
    commit,
    wanted.flatMap(({ path, mode }) => (mode === null ? [] : [path])),
    changes.some(({ path }) => posix.basename(path) === '.gitattributes'),
  )
  const lacking = placing.lackingIn(staged, wanted)
  const diverged = [...contested.diverged, ...lacking.map((path) => ({ path, reason: notWritten, isQuiet: false }))]
  const entries = wanted.filter(({ path }) => !lacking.includes(path))
  const before = parts.state.value.diverged
  const kept = base === null ? null : await keepOurs(parts, branch, { head: base, tip }, integration)
  if (kept !== null) return failed(kept)
  const made = { commit, ref: branch.ref, changes }
  beginBringing(parts, { ref: branch.ref, base, commit, ready: staged, there: contested.there, apart: diverged })
  if (!rememberDiverged(parts, diverged, made)) {
    endBringing(parts)
    return failed(tooManyDiverged)
  }
  const paths = changes.map(({ path }) => path)
  const changesRules = await changesIgnoreRules(parts, paths)
  if (changesRules) rememberIgnored(parts, await engine.merging.ignoredPaths())
  const written = new Map<PathBytes, string | null>()
  const wrote = (path: PathBytes, fingerprint: string | null): void => {
    parts.ownWrites.wrote(path, fingerprint, parts.clock.nowMs())
    written.set(path, fingerprint)
  }
  const context = { root, staged, aside: replacedOf(parts), wrote }
  const bring = async (): Promise<boolean> => {
    const { moved, refused } = await placing.placeFiles(context, entries, seen)
    const more = refused.map(({ path, code }) => ({ path, reason: `${notLet} (${code})`, isQuiet: false }))
    diverged.push(...more)
    return moved.length === 0 && rememberDiverged(parts, more, made)
  }
  const move = { id: parts.random.hex(16), ref: branch.ref, base, commit, paths }
  const outcome = await engine.merging.advance({ ...move, reason: `integrate: ${tip}` }, parts.journal, bring)
  if (changesRules) await keepExposed(parts)
  if (outcome.kind !== 'advanced') {
    // Where the branch did not move nothing is older than it.
    parts.state.update({ diverged: before, ...(written.size > 0 ? {} : { bringing: null }) })
    return outcome.kind === 'failed' ? failed(outcome.failure) : { kind: 'again', commits: 0 }
  }
  arrived(parts, board, branch.ref, integration, written)
  // What lies there is the remote's now, whatever was open before.
  const apart = new Set(diverged.map(({ path }) => path))
  forgetDiverged(parts, branch.ref, new Set(changes.flatMap(({ path }) => (apart.has(path) ? [] : [path]))))
  board.newlyHeld = diverged.filter(({ isQuiet }) => !isQuiet)
  if (conflicts.length + before.length > 0) board.conflicts = await keptHere(engine, parts.state.value)
  seenTip(parts, branch, tip)
  parts.report({
    kind: 'integrated',
    oid: commit,
    tip,
    paths: changes.length,
    conflicts: conflicts.map(({ path }) => pathText(path)),
    diverged: diverged.flatMap(({ path, reason, isQuiet }) => (isQuiet ? [] : [{ path: pathText(path), reason }])),
    tookMs: parts.clock.monotonicMs() - startedMs,
  })
  return { kind: 'done', ahead, commits: 0, brought: true }
}

/** The branch is on the commit, and the files with it. */
function arrived(
  parts: Parts,
  board: Board,
  ref: string,
  { commit, changes }: Ready,
  written: ReadonlyMap<PathBytes, string | null>,
): void {
  board.head = { ref, oid: commit }
  board.waitsSinceMs = null
  for (const { path, after } of changes) {
    const fingerprint = written.get(path)
    if (fingerprint != null) board.stored.set(path, dealtMark({ fingerprint }, after))
  }
  endBringing(parts)
}

function withoutLeft(
  changes: readonly CommitChange[],
  { diverged, there }: Extract<Contested, { kind: 'settled' }>,
): readonly CommitChange[] {
  const left = new Set([...diverged.map(({ path }) => path), ...there])
  return changes.filter(({ path }) => !left.has(path))
}

/** All of ours that is in no commit that the branch will have. */
async function keepOurs(
  { engine, state }: Parts,
  branch: Followed,
  sides: { readonly head: Oid; readonly tip: Oid },
  { conflicts, replaced }: Ready,
): Promise<Failure | null> {
  const keeper = { cloneId: state.value.cloneId, branch: commonName(branch), ...sides }
  const kept = await keptSides.keep(engine, keeper, conflicts)
  if (kept !== null || replaced === null) return kept
  return keptSides.keepReplaced(engine, replaced)
}

const notLet = 'changed on the remote, and the system does not let it be written here'
const notWritten = 'changed on the remote, and git could not write it here (its filter, or its name)'

/** What the work tree is to have. A submodule is its owner's. */
function entriesOf(changes: readonly CommitChange[]): readonly PlanEntry[] {
  return changes
    .filter(({ before, after }) => after?.mode !== '160000' && (after !== null || before?.mode !== '160000'))
    .map(({ path, after }): PlanEntry => (after === null ? { path, mode: null, oid: null } : { path, ...after }))
}

function failed(failure: Failure): Step {
  return { kind: 'failed', failure, commits: 0 }
}

function rewritten(board: Board, found: Rewritten): Step {
  board.rewritten = found
  return { kind: 'stopped', commits: 0 }
}

const tooManyDiverged: Failure = {
  name: 'unknown',
  detail: 'very many paths are staged or cannot be written here, and changed on the remote',
  hint: 'commit or unstage what is staged; it is tried again by itself',
  heals: 'backoff',
}

const unrelated: Failure = {
  name: 'unrelated',
  detail: 'the branch and its remote have no commit in common',
  hint: 'push to another branch, or merge them once by hand: git merge --allow-unrelated-histories',
  heals: 'person',
}

/** The remote's tip as it is now, its commits fetched. */
async function fetched(
  { engine }: Parts,
  head: Oid | null,
  upstream: Upstream,
): Promise<{ readonly tip: Oid | null; readonly ahead: number } | Failure> {
  const seen = await engine.remoteTip(upstream.remote, upstream.ref)
  if ('name' in seen) return seen
  if (seen.tip === null) return { tip: null, ahead: head === null ? 0 : 1 }
  const counts = await engine.compare(head, seen.tip, upstream)
  return 'name' in counts ? counts : { tip: seen.tip, ahead: counts.ahead }
}

function messageOf(parts: Parts, { named, ref }: Upstream): string {
  const [host] = hostsOf(parts.config, parts.state.value.cloneId)
  return mergeMessage({ id: parts.random.hex(16), host, remote: named, branch: ref.replace(/^refs\/heads\//, '') })
}
