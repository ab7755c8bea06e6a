import type { ControlInput } from '../control/control.ts'
import { readEntry } from '../evidence/evidence.ts'
import type { FlushResult } from '../schedule/schedule.ts'
import { shellPath } from '../shell.ts'
import { pathText, type PathBytes } from '../types.ts'
import { ackHandlers } from './ack-handlers.ts'
import type { Board, Parts } from './board.ts'
import { replace } from './replace.ts'
import { resolveConflicts } from './conflicts.ts'
import { keptHere } from './open-conflicts.ts'
import { keepingExposed } from './exposed.ts'
import type { Pipeline } from './pipeline.ts'
import { pauseHandlers } from './pause-handlers.ts'
import { undoHandler } from './undo-handler.ts'
import { writerHandlers } from './writer-handlers.ts'
import { composeStatus, type StatusSource } from './status.ts'

/** A flush that has not reached the remote by then is told as a problem; the work goes on. */
const syncMsMax = 15 * 60_000

/** A larger file counts as another. */
const comparedBytesMax = 16 * 1024 * 1024

const noPush = 'push it yourself: git push; or restart it without --no-push, and with push.enabled'

/** Why a flush that succeeded is not what was asked for; empty when it is. */
async function doubtOf(
  parts: Parts,
  asked: readonly PathBytes[],
  knownBefore: ReadonlySet<PathBytes>,
  result: FlushResult,
  pending: readonly { readonly path: PathBytes }[],
): Promise<Partial<FlushResult>> {
  if (!result.ok) return {}
  if (!parts.pushEnabled)
    return { ok: false, problem: 'it is committed, but this daemon does not push', remedy: noPush }
  const known = new Set([...knownBefore, ...(await atHead(parts, asked)), ...result.held.map(({ path }) => path)])
  const unknown = asked.filter((path) => !known.has(path))
  const done = await takenAway(parts, unknown)
  const missing = unknown.filter((path) => !done.has(path))
  const [first] = missing
  if (first === undefined) return keptBack(parts, asked, pending)
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more such paths)` : ''
  const isThere = readEntry(parts.engine.repository.root, first) !== null
  const problem = `${pathText(first)}: ${isThere ? 'it is not synced' : 'nothing is there, here or at HEAD'}${more}`
  const remedy = isThere ? `this says why: workspace-sync test-filter ${shellPath(first)}` : 'check the name'
  return { ok: false, problem, remedy }
}

/** Nothing is there because it was deleted, and that was committed before anybody asked: it is done. */
async function takenAway({ engine }: Parts, paths: readonly PathBytes[]): Promise<ReadonlySet<PathBytes>> {
  const found = new Set<PathBytes>()
  const { oid } = await engine.head()
  if (oid === null) return found
  for (const path of paths) {
    if (readEntry(engine.repository.root, path) !== null) continue
    if ((await engine.history.automaticCommits(oid, [path], 1)).length > 0) found.add(path)
  }
  return found
}

/** HEAD has the file in another version, and nobody is going to commit the one that lies here. */
async function keptBack(
  parts: Parts,
  asked: readonly PathBytes[],
  pending: readonly { readonly path: PathBytes }[],
): Promise<Partial<FlushResult>> {
  if (asked.length === 0) return {}
  const waits = new Set(pending.map(({ path }) => path))
  const changed = new Set(await parts.engine.changedPaths())
  const hidden = await editedUnseen(parts, asked)
  const first = asked.find((path) => !waits.has(path) && (changed.has(path) || hidden.has(path)))
  if (first === undefined) return {}
  const problem = `${pathText(first)}: what lies here is not synced`
  return { ok: false, problem, remedy: `this says why: workspace-sync test-filter ${shellPath(first)}` }
}

/** Files with other bytes than at HEAD, of which git was told to say nothing. */
async function editedUnseen({ engine, evidence }: Parts, paths: readonly PathBytes[]): Promise<ReadonlySet<PathBytes>> {
  const hidden = [...(await engine.hidden(paths)).keys()]
  const { oid } = await engine.head()
  const bases = await engine.entriesAt(oid, hidden)
  return new Set(
    hidden.filter((path) => {
      const entry = readEntry(engine.repository.root, path)
      return entry !== null && evidence.rawBlobId(path, entry, comparedBytesMax) !== bases.get(path)?.oid
    }),
  )
}

async function atHead(parts: Parts, paths: readonly PathBytes[]): Promise<ReadonlySet<PathBytes>> {
  const { oid } = await parts.engine.head()
  return new Set((await parts.engine.entriesAt(oid, paths)).keys())
}

/** What the daemon does when the command line asks. */
export function controlHandlers(
  parts: Parts,
  board: Board,
  pipeline: Pipeline,
  source: StatusSource,
  stop: (reason: string) => void,
  told: () => void,
): ControlInput['handlers'] {
  const identity = { ...source.identity, version: source.version }
  const agree = (): void => {
    if (parts.state.value.firstSync) return
    parts.state.update({ firstSync: true })
    pipeline.doubt()
  }
  return {
    ping: () => identity,
    status: () => composeStatus(parts, board, source),
    stop() {
      stop('asked to')
      return identity
    },
    async sync({ paths, replaceRemote, discard }) {
      agree()
      const isReplaced = replaceRemote === true
      const refusal = isReplaced ? await replace(parts, board, discard ?? null, () => pipeline.doubt()) : null
      if (refusal !== null) return { ok: false, held: [], ...refusal }
      const known = await atHead(parts, paths ?? [])
      const late = new Promise<void>((resolve) => parts.clock.after(syncMsMax, resolve))
      const problem = 'not on the remote after 15 minutes'
      const result = await Promise.race([pipeline.sync(paths), late.then(() => ({ ok: false, held: [], problem }))])
      told()
      return { ...result, ...(await doubtOf(parts, paths ?? [], known, result, pipeline.view().pending)) }
    },
    release({ paths }) {
      const released = paths.map((path) => ({ path, patterns: parts.breaker.release(path) }))
      const patterns = [...new Set(released.flatMap((one) => one.patterns))]
      if (patterns.length > 0) {
        // What was held for them was dealt with; now it is looked at again.
        board.dealt.clear()
        pipeline.tell({ kind: 'reconcile-wanted', reason: 'released' })
      }
      return { patterns, unaffected: released.filter((one) => one.patterns.length === 0).map((one) => one.path) }
    },
    ...pauseHandlers(parts, pipeline, told),
    undo: undoHandler(parts, board, () => pipeline.ring()),
    resolve: ({ paths, side }) =>
      board.commits.run(async () => {
        const answer = await keepingExposed(parts, paths, () => resolveConflicts(parts, paths, side))
        board.dealt.clear()
        board.conflicts = await keptHere(parts.engine, parts.state.value)
        pipeline.tell({ kind: 'reconcile-wanted', reason: 'a conflict was settled' })
        told()
        return answer
      }),
    ...ackHandlers(parts, board, pipeline, told),
    ...writerHandlers(parts),
    consent() {
      agree()
      pipeline.ring()
      return {}
    },
  }
}
