import { SyncError } from '../../errors.ts'
import { pathText } from '../../types.ts'
import type { Failure, Oid, PushOutcome } from '../../types.ts'
import { redact } from '../failures.ts'
import { readRef } from '../heads.ts'
import { trackedBy, upstreamOf } from '../upstream.ts'
import type { Remotes } from '../remotes.ts'
import { credentialsFor } from './credentials.ts'
import { conditionFailure, needsGit } from './needs-git.ts'
import { moveRef } from './refs.ts'
import type { Transfer } from './transfer.ts'
import { transferFailure } from './transfer-failures.ts'
import { summaryOf } from './summary.ts'
import { treeChanges } from './tree-objects.ts'
import type { EmbeddedParts } from './verbs.ts'

const movedOn: Failure = {
  name: 'unknown',
  detail: 'the remote branch moved while it was fetched',
  hint: 'nothing to do: it is asked again',
  heals: 'backoff',
}

export function createEmbeddedRemotes(parts: EmbeddedParts, transfer: Transfer): Remotes {
  const { bench, environment, objects, commits } = parts
  const { deadlines, repository } = bench

  const jobFor = async (remote: string, verb: 'push' | 'fetch') => {
    const config = await bench.settings.read()
    const pushed = verb === 'push' ? config.one(`remote.${remote}.pushurl`) : null
    const url = (pushed ?? config.one(`remote.${remote}.url`) ?? remote).replace(/\/+$/, '')
    return { gitDir: repository.gitDir, url, credentials: credentialsFor(url, environment) }
  }
  /** What may have come to be since the engine was opened, such as a remote that is reached in another way. */
  const refusal = (): Failure | null => {
    const [condition] = parts.conditions()
    return condition === undefined ? null : conditionFailure(condition)
  }
  const note = (remote: string, ref: string, tip: Oid): Promise<void> => noteTip(parts, remote, ref, tip)

  return {
    upstream: (ref) => upstreamOf(bench, ref),
    push: async ({ remote, oid, upstreamRef, replaces }): Promise<PushOutcome> => {
      const refused = refusal()
      if (refused !== null) return { kind: 'failed', failure: refused }
      const job = {
        ...(await jobFor(remote, 'push')),
        kind: 'push',
        oid,
        upstreamRef,
        replaces: replaces ?? null,
      } as const
      const answer = await transfer(job, deadlines.transferMs)
      if (answer.kind === 'behind') return { kind: 'behind' }
      if (answer.kind === 'tip' || answer.kind === 'done') {
        await note(remote, upstreamRef, oid)
        return { kind: 'pushed', oid }
      }
      return { kind: 'failed', failure: transferFailure('push', answer) }
    },
    // A remote with several addresses is for git only.
    isEverywhere: () => Promise.resolve(true),
    remoteTip: async (remote, ref) => {
      const refused = refusal()
      if (refused !== null) return refused
      const answer = await transfer({ ...(await jobFor(remote, 'fetch')), kind: 'tip', ref }, deadlines.listMs)
      if (answer.kind === 'tip') return { tip: answer.oid }
      return answer.kind === 'failed' || answer.kind === 'refused' || answer.kind === 'late'
        ? transferFailure('ls-remote', answer)
        : movedOn
    },
    compare: async (local, tip, { remote, ref }) => {
      const ours = local === null ? [] : [local]
      if (!(await objects.has(tip))) {
        const answer = await transfer({ ...(await jobFor(remote, 'fetch')), kind: 'fetch', ref }, deadlines.transferMs)
        if (answer.kind === 'failed' || answer.kind === 'refused' || answer.kind === 'late') {
          return transferFailure('fetch', answer)
        }
        if (!(await objects.has(tip))) return movedOn
        const broken = await missingBelow(parts, tip, ours)
        if (broken !== null) return broken
        await note(remote, ref, tip)
      }
      let [ahead, behind] = [0, 0]
      for await (const _ of commits.walk(ours, [tip])) ahead += 1
      for await (const _ of commits.walk([tip], ours)) behind += 1
      return { ahead, behind }
    },
    commitsOfOthers: (oid, tip) => commitsOfOthers(parts, oid, tip),
    mirrorRefs: () => Promise.resolve(needsGit('keeping the refs of conflicts on the remote')),
    refsThere: () => Promise.resolve(needsGit('looking for the refs of conflicts on the remote')),
    removeThere: () => Promise.resolve(needsGit('taking the ref of a conflict from the remote')),
  }
}

/** Where the remote was seen, as git notes it. A lock of somebody else's is no reason to fail. */
async function noteTip({ bench, environment }: EmbeddedParts, remote: string, ref: string, tip: Oid): Promise<void> {
  const config = await bench.settings.read()
  for (const tracking of trackedBy(config.all(`remote.${remote}.fetch`), ref)) {
    // A remote that lands on the branches here is for whoever fetches by hand: these are moved by commits alone.
    if (tracking.startsWith('refs/heads/')) continue
    const from = readRef(bench, tracking)
    if (from !== tip) await moveRef(bench, environment, { ref: tracking, from, to: tip, reason: 'update by push' })
  }
}

/** A pack that was fetched is believed when everything that came in with it can be read. */
async function missingBelow(
  { commits, trees, objects }: EmbeddedParts,
  tip: Oid,
  ours: readonly Oid[],
): Promise<Failure | null> {
  const lacks = (detail: string): Failure => ({
    name: 'corrupt',
    detail,
    hint: 'run: git fsck --full',
    heals: 'person',
  })
  try {
    for await (const { tree, parents } of commits.walk([tip], ours)) {
      const before = parents[0] === undefined ? null : await trees.treeOf(parents[0])
      for (const { path, after } of await treeChanges(objects, before, tree)) {
        if (after === null || after.mode === '160000' || (await objects.has(after.oid))) continue
        return lacks(`the remote sent no content for ${pathText(path)}`)
      }
    }
    return null
  } catch (error) {
    if (error instanceof SyncError) return lacks(redact(error.message))
    throw error
  }
}

async function commitsOfOthers({ objects, commits }: EmbeddedParts, oid: Oid, tip: Oid | null): Promise<number> {
  if (tip !== null && !(await objects.has(tip))) return 0
  let count = 0
  for await (const commit of commits.walk([oid], tip === null ? [] : [tip])) {
    if (summaryOf(commit).id === null) count += 1
  }
  return count
}
