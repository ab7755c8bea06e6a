/**
 * What this clone keeps of its conflicts lies on the remote too, where that takes it: another disk, and other machines
 * can look at it, and settle it. A remote that refuses such refs costs nothing but that.
 */
import type { Ref, Upstream } from '../git/git.ts'
import { keptSides } from '../integrate/integrate.ts'
import { pathText, type Failure } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { keptHere } from './open-conflicts.ts'

/** Tries with the same refs, before it counts as a remote that refuses them. */
const triesMax = 5
/** Refs that the remote is remembered to have; any other is sent again when somebody took it from there. */
const givenMax = 1_000
/** Nothing tells of a ref that somebody took from the remote, but what came along with it. */
const askEveryMs = 10 * 60_000

/** Costs nothing while nothing is kept, and no call of the remote while all is known to be there. */
export async function mirrorConflicts(parts: Parts, board: Board, ref: string): Promise<void> {
  const { engine, state, clock } = parts
  if (!parts.pushEnabled || parts.dryRun || parts.pause.current() !== null) return
  // What is kept anew came with something of the remote's, after which nothing is known.
  if (board.mirrored !== null && !state.value.mirrors) return
  const prefix = `${keptSides.refs}${state.value.cloneId}/`
  const own = await engine.survey.refs(prefix)
  if (own.length === 0 && !state.value.mirrors) return void (board.mirrored = '')
  const upstream = await engine.upstream(ref)
  if (upstream === null) return
  const isOld = clock.monotonicMs() - board.mirroredAtMs > askEveryMs
  if (board.mirrored === markOf(upstream, own) && !(isOld && own.length > 0)) return
  const failure = await mirror(parts, board, upstream, prefix, own)
  board.mirrorsFailed = failure === null ? 0 : board.mirrorsFailed + 1
  // A remote that was away for a moment is given them with the next push, or look.
  if (board.mirrorsFailed > 0 && board.mirrorsFailed < triesMax) return
  board.mirrorsFailed = 0
  board.mirrored = markOf(upstream, await engine.survey.refs(prefix))
  board.mirroredAtMs = clock.monotonicMs()
}

function markOf({ address }: Upstream, refs: readonly Ref[]): string {
  return `${address}\n${textOf(refs)}`
}

function textOf(refs: readonly Ref[]): string {
  return refs.map(({ name, oid }) => `${oid} ${name}`).join('\n')
}

async function mirror(
  parts: Parts,
  board: Board,
  { remote, address }: Upstream,
  prefix: string,
  own: readonly Ref[],
): Promise<Failure | null> {
  const { engine, state } = parts
  if (!state.value.mirrors) state.update({ mirrors: true })
  const there = await engine.refsThere(remote, prefix)
  if ('name' in there) return there
  const given = new Set(state.value.given.flatMap((one) => (one.at === address ? [`${one.oid} ${one.name}`] : [])))
  const names = new Set(there.refs.map(({ name }) => name))
  const settled = own.filter(({ name, oid }) => given.has(`${oid} ${name}`) && !names.has(name))
  const failure = settled.length === 0 ? null : await settledThere(parts, board, settled)
  if (failure !== null) return failure
  const taken = await takeSettled(parts, remote, there.refs, new Set(own.map(({ name }) => name)))
  if (taken !== null) return taken
  const left = own.filter((one) => !settled.includes(one))
  const has = new Set(there.refs.map(({ name, oid }) => `${oid} ${name}`))
  const isSame = left.every(({ name, oid }) => has.has(`${oid} ${name}`))
  const sent = isSame ? null : await engine.mirrorRefs(remote, prefix)
  if (sent !== null) return sent
  // A remote may take refs and show them to nobody: that one is missing says something where it was seen.
  const seen = isSame ? there : await engine.refsThere(remote, prefix)
  if ('name' in seen) return seen
  const lie = new Set(seen.refs.map(({ name, oid }) => `${oid} ${name}`))
  const shown = left.filter(({ name, oid }) => lie.has(`${oid} ${name}`)).slice(0, givenMax)
  state.update({ mirrors: left.length > 0, settled: [], given: shown.map((one) => ({ ...one, at: address })) })
  return null
}

/** Only what was settled here leaves the remote: what is missing here may have been lost, and that be the last copy. */
async function takeSettled(
  { engine, state }: Parts,
  remote: string,
  there: readonly Ref[],
  own: ReadonlySet<string>,
): Promise<Failure | null> {
  for (const { name } of state.value.settled) {
    const seen = own.has(name) ? undefined : there.find((ref) => ref.name === name)
    const failure = seen === undefined ? null : await engine.removeThere(remote, seen)
    if (failure !== null) return failure
  }
  return null
}

/** Somebody said on another machine which side counts. Ours stays within reach: a remote can lose its refs, too. */
async function settledThere(parts: Parts, board: Board, settled: readonly Ref[]): Promise<Failure | null> {
  const { engine, state, report } = parts
  const names = new Set(settled.map(({ name }) => name))
  const open = (await keptSides.all(engine, state.value.cloneId)).filter(({ ref }) => names.has(ref))
  for (const { oid } of settled) {
    const failure = await keptSides.keepReplaced(engine, oid)
    if (failure !== null) return failure
  }
  await engine.survey.removeRefs(settled)
  board.conflicts = await keptHere(engine, state.value)
  for (const { path, kept } of open) {
    const side = `the side that was kept here: git cat-file blob ${kept.oid}`
    report({ kind: 'notice', text: `the conflict of ${pathText(path)} was settled on another machine; ${side}` })
  }
  return null
}
