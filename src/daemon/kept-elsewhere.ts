/** A side that another clone keeps is settled by taking its ref from the remote: its owner takes that as the word. */
import type { GitEngine, Ref } from '../git/git.ts'
import { keptSides } from '../integrate/integrate.ts'
import { shellPath } from '../shell.ts'
import { pathText, type PathBytes } from '../types.ts'
import type { Problem } from './choose-conflict.ts'
import type { OpenConflict } from './open-conflicts.ts'

export type Kept = Extract<OpenConflict, { kind: 'kept' }>

/** Before anything is put in its place: nobody has settled it meanwhile, and the ref means nothing else. */
export async function obstacleThere(
  engine: GitEngine,
  one: Kept,
  open: readonly OpenConflict[],
  paths: ReadonlySet<PathBytes>,
): Promise<Problem | null> {
  const also = open.find((other) => other.kind === 'kept' && other.ref === one.ref && !paths.has(other.path))
  if (also !== undefined) return keptTogether(one.path, also.path)
  const remote = await remoteOf(engine)
  if (remote === null) return noRemote(one.path)
  const there = await engine.remoteTip(remote, refThere(one).name)
  if ('name' in there) return { problem: `${pathText(one.path)}: ${there.detail}`, hint: there.hint }
  if (there.tip === one.oid) return null
  if (there.tip === null) await engine.survey.removeRefs([{ name: one.ref, oid: one.oid }])
  return changedThere(one.path)
}

/** What the remote has of it goes first: what it has no more, nobody else can settle too. */
export async function takeAway(engine: GitEngine, one: Kept): Promise<Problem | null> {
  const remote = await remoteOf(engine)
  if (remote === null) return noRemote(one.path)
  const failure = await engine.removeThere(remote, refThere(one))
  if (failure !== null) {
    const problem = `${pathText(one.path)} is still listed, as the remote kept its ref: ${failure.detail}`
    return { problem, hint: failure.hint }
  }
  if (!one.isOwn) await engine.survey.removeRefs([{ name: one.ref, oid: one.oid }])
  return null
}

async function remoteOf(engine: GitEngine): Promise<string | null> {
  const { ref } = await engine.head()
  return ref === null ? null : ((await engine.upstream(ref))?.remote ?? null)
}

function refThere({ ref, oid }: Kept): Ref {
  const [clone, blob] = ref.split('/').slice(-2)
  return { name: `${keptSides.refs}${clone}/${blob}`, oid }
}

function keptTogether(path: PathBytes, other: PathBytes): Problem {
  const both = `${shellPath(path)} ${shellPath(other)}`
  return {
    problem: `${pathText(path)} and ${pathText(other)} are kept by another clone as one, with the same bytes`,
    hint: `settle them together: workspace-sync conflicts resolve ${both}`,
  }
}

function noRemote(path: PathBytes): Problem {
  return {
    problem: `what another clone keeps of ${pathText(path)} is on a remote, and this branch follows none`,
    hint: 'give it one: git push -u <remote> <branch>',
  }
}

function changedThere(path: PathBytes): Problem {
  return {
    problem: `what another clone keeps of ${pathText(path)} was settled or changed there meanwhile`,
    hint: 'look again: workspace-sync conflicts list',
  }
}
