import { SyncError } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import type { BatchResult, IntegrationResult, ScheduleInput } from '../schedule/schedule.ts'
import type { Batch, ChangeEvent, Failure, PathBytes, Pause } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { failureOf } from './failure.ts'
import { flush } from './flush.ts'
import { integrate } from './integrate.ts'
import { recovered } from './recovered.ts'
import { createKnock, type Knock } from '../push/push.ts'
import { reconcile } from './reconcile.ts'
import { push, verify } from './remote.ts'
import { shellPath } from '../shell.ts'
import { tellHeld } from './tell-held.ts'

/**
 * What the schedule's actions do to the world. Each answers with the schedule's next inputs; a failure of the world is
 * such an input too, and only a bug of ours is thrown.
 */
export interface Tasks {
  /** @param pauses asked again right before: an operation may have begun since the batch was decided. */
  commit(batch: Batch, pauses: () => Promise<readonly Pause[]>): Promise<readonly ScheduleInput[]>
  readonly push: RemoteTask
  readonly verify: RemoteTask
  readonly knock: RemoteTask
  integrate(commitsMax: number, pauses: () => Promise<readonly Pause[]>): Promise<readonly ScheduleInput[]>
  /**
   * @param known paths to look at even if they are as at HEAD by now
   * @param found takes what was found, to be looked at before the loop goes on
   */
  reconcile(
    reason: string,
    known: readonly { readonly path: PathBytes }[],
    found: (events: readonly ChangeEvent[]) => void,
  ): Promise<readonly ScheduleInput[]>
}

type RemoteTask = (pauses: () => Promise<readonly Pause[]>) => Promise<readonly ScheduleInput[]>

const nothingDone: BatchResult = {
  committed: null,
  held: [],
  settled: [],
  unsettled: [],
  failure: null,
  headMoved: false,
}

export function createTasks(parts: Parts, board: Board): Tasks {
  const knock = createKnock()
  /** A failure of the refresh is the next commit's to find: its entry stays in the journal. */
  const noteOwnIndex = async (): Promise<void> => {
    if ((await parts.engine.settled()) !== null) return
    board.ownIndex = lookAt(parts.engine.repository.indexPath)?.fingerprint ?? null
  }
  /** Right after the try, so that whatever changes from here on is somebody else's doing. */
  const told = async (inputs: readonly ScheduleInput[]): Promise<readonly ScheduleInput[]> => {
    if (inputs.some((input) => failureIn(input)?.heals === 'person')) board.access = await accessOf(parts)
    return inputs
  }
  const commit: Tasks['commit'] = async (batch, pauses) => {
    const finish = (result: BatchResult): ScheduleInput => ({ kind: 'batch-done', batchId: batch.id, result })
    try {
      mustBeHome(parts)
      // The user's index lacks our last commit until then: its paths would look staged.
      const unsettled = (await parts.engine.settled()) ?? (await recovered(parts))
      if (unsettled !== null) return [finish({ ...nothingDone, failure: unsettled })]
      // Read before the pauses are asked: whatever moves HEAD afterwards makes the commit refuse.
      const head = await parts.engine.head()
      const now = await pauses()
      if (now.some(({ stops }) => stops === 'commit')) return [{ kind: 'pauses', pauses: now }, finish(nothingDone)]
      const { result, deferred } = await flush(parts, board, batch, head)
      void noteOwnIndex()
      // First the slower pace, or the paths would be due again at once.
      const done = await told(tellHeld(parts, board, [{ kind: 'changes', changes: deferred }, finish(result)]))
      if (result.committed === null || board.leftOut.size === 0) return done
      return [...done, { kind: 'reconcile-wanted', reason: 'paths waited for a commit' }]
    } catch (error) {
      return [finish({ ...nothingDone, failure: failureOf(error) })]
    }
  }
  return {
    commit: (batch, pauses) => board.commits.run(() => commit(batch, pauses)),
    integrate: (commitsMax, pauses) =>
      board.commits.run(async () => {
        const result = await broughtIn(parts, () => integrate(parts, board, commitsMax, pauses))
        void noteOwnIndex()
        // What stopped it may have become a pause just now.
        const now = result.kind === 'stopped' ? await asked(pauses) : []
        return told([...now, ...leftHere(board), { kind: 'integrated', result }])
      }),
    async push() {
      try {
        mustBeHome(parts)
        return await told([await push(parts, board)])
      } catch (error) {
        return [{ kind: 'push-done', outcome: { kind: 'failed', failure: failureOf(error) } }]
      }
    },
    async verify(pauses) {
      try {
        mustBeHome(parts)
        const verified = await verify(parts, board)
        // What was seen there may have become a pause just now.
        const now = board.rewritten === null ? [] : [{ kind: 'pauses', pauses: await pauses() } as const]
        return await told([...now, verified])
      } catch (error) {
        return [{ kind: 'verified', view: null, failure: failureOf(error) }]
      }
    },
    knock: async () => [{ kind: 'knocked', answered: await isHome(parts, board, knock) }],
    async reconcile(reason, known, found) {
      try {
        mustBeHome(parts)
        found(await reconcile(parts, board, reason, known))
        return [{ kind: 'reconciled', ok: true }]
      } catch (error) {
        return [{ kind: 'reconciled', ok: false, failure: failureOf(error) }]
      }
    },
  }
}

/** No event tells of a file that stayed as it is while the branch moved on. */
function leftHere(board: Board): readonly ScheduleInput[] {
  const held = board.newlyHeld.map(({ path, reason }) => ({ path, reason: `${reason}: ${resolveHint(path)}` }))
  board.newlyHeld = []
  return held.length === 0 ? [] : [{ kind: 'held', held }]
}

/** What lies in the place of the workspace is somebody else's: nothing is done there, and nothing concluded from it. */
function mustBeHome({ home }: Parts): void {
  if (home.isGone()) throw new SyncError('repository', 'the workspace folder is gone, or is another one', 'put it back')
}

async function broughtIn(parts: Parts, bring: () => Promise<IntegrationResult>): Promise<IntegrationResult> {
  try {
    mustBeHome(parts)
    return await bring()
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error), commits: 0 }
  }
}

/** What cannot be asked just now is asked by the next turn, which tells why; what was done is told all the same. */
async function asked(pauses: () => Promise<readonly Pause[]>): Promise<readonly ScheduleInput[]> {
  try {
    return [{ kind: 'pauses', pauses: await pauses() }]
  } catch (error) {
    failureOf(error)
    return []
  }
}

async function isHome({ engine }: Parts, { head: { ref } }: Board, knock: Knock): Promise<boolean> {
  try {
    return ref !== null && (await knock(engine, ref))
  } catch (error) {
    // Git's configuration cannot be read: who looks at the remote next finds that, too.
    failureOf(error)
    return false
  }
}

function failureIn(input: ScheduleInput): Failure | null {
  if (input.kind === 'batch-done') return input.result.failure
  if (input.kind === 'push-done') return input.outcome.kind === 'failed' ? input.outcome.failure : null
  if (input.kind === 'integrated') return input.result.kind === 'failed' ? input.result.failure : null
  return input.kind === 'verified' ? input.failure : null
}

/** null: git cannot even say how it is configured; then only time or a command makes us try again. */
async function accessOf(parts: Parts): Promise<string | null> {
  try {
    return await parts.engine.access()
  } catch (error) {
    failureOf(error)
    return null
  }
}

function resolveHint(path: PathBytes): string {
  return `say which one counts: workspace-sync conflicts resolve ${shellPath(path)}`
}
