import { statfs } from 'node:fs/promises'
import type { ScheduleInput, ScheduleView } from '../schedule/schedule.ts'
import { shellWord } from '../shell.ts'
import type { Upstream } from '../git/git.ts'
import type { Pause } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { gonePause } from './home.ts'
import { incomingPause } from './pulled-trust.ts'
import { rewrittenPause, stillRewritten } from './rewritten.ts'
import { clearStateDir } from './state-dir.ts'

/** Uncommitted work of this much waits for a yes at the first start ever: it may be a mistake of the wrong folder. */
const firstSyncLimits = { paths: 100, sizeBytes: 10 * 1024 * 1024 }

export interface Conditions {
  /** Everything outside the schedule that forbids to commit or to push just now, each with what to do about it. */
  check(): Promise<readonly Pause[]>
  /** The same as the schedule's input, when something may have changed. */
  inputs(): Promise<readonly ScheduleInput[]>
  /** The git directory changed: look again at the next turn. */
  doubt(): void
  /** How long the loop may rest before it looks again. */
  restMs(): number
}

/** An operation of the user's ends without a word to us; looking costs a few stat calls. */
const recheckPausedMs = 2_000
const recheckMs = 60_000

/** What of the schedule is asked. */
interface Standing {
  /** Costs a pass over all that is pending: asked for only until the first sync is agreed to. */
  view(): ScheduleView
  /** Something failed that a person has to mend, such as a password. */
  needsPerson(): boolean
  /** What lies there uncommitted is known by now. */
  hasReconciled(): boolean
}

export function createConditions(parts: Parts, board: Board, standing: Standing): Conditions {
  const { view, hasReconciled, needsPerson } = standing
  let told: readonly Pause[] = []
  let checkedAtMs = -Infinity
  let followed: Board['following']
  const tell = (pauses: readonly Pause[]): void => {
    const isIn = (list: readonly Pause[], pause: Pause): boolean => list.some(({ name }) => name === pause.name)
    for (const pause of pauses) if (!isIn(told, pause)) parts.report({ kind: 'paused', pause })
    for (const pause of told) if (!isIn(pauses, pause)) parts.report({ kind: 'resumed', name: pause.name })
    told = pauses
  }
  const restMs = (): number => (told.length > 0 || needsPerson() ? recheckPausedMs : recheckMs)
  const check = async (): Promise<readonly Pause[]> => {
    checkedAtMs = parts.clock.monotonicMs()
    if (parts.home.isGone()) {
      tell([gonePause])
      return told
    }
    if (!parts.dryRun) tidy(parts)
    const firstSync = parts.state.value.firstSync ? null : firstSyncPause(hasReconciled() ? view() : null)
    tell(await currentPauses(parts, board, firstSync))
    return told
  }
  /** What was seen of another remote, or of another branch there, is as much worth as what another HEAD had. */
  const followsAnother = (): readonly ScheduleInput[] => {
    const isFirst = followed === undefined
    if (followed === board.following) return []
    followed = board.following
    return isFirst ? [] : [{ kind: 'head-moved' }]
  }
  /** Somebody may have done something about what needs a person: once for each failure, for our own try may, too. */
  const mended = async (): Promise<readonly ScheduleInput[]> => {
    if (board.access === null || !needsPerson() || (await parts.engine.access()) === board.access) return []
    board.access = null
    return [{ kind: 'circumstances' }]
  }
  return {
    check,
    async inputs() {
      const isRecent = parts.clock.monotonicMs() - checkedAtMs < restMs()
      if (isRecent && parts.state.value.firstSync) return followsAnother()
      return [{ kind: 'pauses', pauses: await check() }, ...followsAnother(), ...(await mended())]
    },
    doubt: () => void (checkedAtMs = -Infinity),
    restMs,
  }
}

/** Moves aside what is in the way of a file of ours. @throws as `clearStateDir`. */
export function tidy({ engine, clock, report }: Parts): void {
  for (const text of clearStateDir(engine.repository.stateDir, clock.nowMs())) report({ kind: 'notice', text })
}

async function currentPauses(parts: Parts, board: Board, firstSync: Pause | null): Promise<readonly Pause[]> {
  const head = await parts.engine.head()
  const upstream = head.ref === null ? null : await parts.engine.upstream(head.ref)
  board.remoteAddress = upstream?.address ?? null
  board.following = upstream && JSON.stringify([upstream.remote, upstream.ref, upstream.address, upstream.asked])
  const found = [
    // A dry run commits nothing anyway, and is asked what would be.
    parts.dryRun ? null : parts.pause.current(),
    ...(await parts.engine.pauses()),
    branchPause(parts, head.ref),
    firstSync,
    await diskPause(parts),
    parts.lock.hold(parts.clock.nowMs()) ? null : lockPause,
    upstreamPause(parts, head.ref, upstream),
    await rewrittenNow(parts, board),
    incomingPause(parts.state.value, head.oid),
  ]
  return found.filter((pause) => pause !== null)
}

/** HEAD and what is noted about it may both move while it is asked: then it is asked again. */
async function rewrittenNow({ engine }: Parts, board: Board): Promise<Pause | null> {
  for (let tries = 0; tries < askedMax; tries++) {
    const noted = board.rewritten
    if (noted === null) return null
    const { oid } = await engine.head()
    const now = await stillRewritten(engine, noted, oid)
    if (board.rewritten !== noted || (await engine.head()).oid !== oid) continue
    board.rewritten = now
    return rewrittenPause(now, oid)
  }
  return rewrittenPause(board.rewritten, board.rewritten?.head ?? null)
}

/** Somebody who commits more often than that is asked about the last one next time. */
const askedMax = 5

const lockPause = pauseOf(
  'lock-lost',
  'daemon.lock of this daemon was removed or taken over',
  'run `workspace-sync stop`, then `workspace-sync start`',
)

interface ListedParts {
  readonly config: Pick<Parts['config'], 'branches'>
  readonly state: { readonly value: Pick<Parts['state']['value'], 'branches'> }
}

/** Without a list the branch of the first start counts as one. */
export function isListed(parts: ListedParts, ref: string): boolean {
  const listed = parts.config.branches ?? parts.state.value.branches
  return listed === null || listed.includes(ref.replace(/^refs\/heads\//, ''))
}

function branchPause(parts: Parts, ref: string | null): Pause | null {
  if (ref === null || isListed(parts, ref)) return null
  const branch = ref.replace(/^refs\/heads\//, '')
  const listed = parts.config.branches ?? parts.state.value.branches ?? []
  const back = listed[0] === undefined ? '' : `git switch ${shellWord(listed[0])} goes back; or `
  const what = `branch ${branch} is not synced (listed: ${listed.join(', ')})`
  return pauseOf('branch-not-listed', what, `${back}add it to "branches" in your configuration`)
}

/** So little is uncommitted that nobody needs to be asked at the first start. */
export function firstSyncFits({ pendingCount, pendingBytes }: ScheduleView): boolean {
  return pendingCount <= firstSyncLimits.paths && pendingBytes <= firstSyncLimits.sizeBytes
}

function firstSyncPause(view: ScheduleView | null): Pause | null {
  const firstLook = 'the tree is being looked at for the first time'
  if (view === null) return { name: 'first-look', detail: firstLook, stops: 'commit' }
  if (firstSyncFits(view)) return null
  const { pendingCount: paths, pendingBytes: sizeBytes } = view
  const what = `${paths} paths (${Math.ceil(sizeBytes / 1024)} KB) are uncommitted here and this is the first start`
  return pauseOf('first-sync', what, 'look at `git status`, then say yes with `workspace-sync sync`')
}

async function diskPause(parts: Parts): Promise<Pause | null> {
  const { bavail, bsize } = await statfs(parts.engine.repository.gitDir)
  const freeBytes = bavail * bsize
  const wantedBytes = parts.config.health.minFreeDiskBytes
  if (freeBytes >= wantedBytes) return null
  const mega = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`
  const what = `${mega(freeBytes)} are free on the disk of the git directory, ${mega(wantedBytes)} are needed`
  return pauseOf('disk-full', what, 'free some')
}

function upstreamPause(parts: Parts, ref: string | null, upstream: Upstream | null): Pause | null {
  if (!parts.config.push.enabled || ref === null) return null
  if (upstream !== null) {
    const { elsewhere } = upstream
    return elsewhere && pauseOf('push-elsewhere', elsewhere.what, elsewhere.remedy, 'push')
  }
  const branch = ref.replace(/^refs\/heads\//, '')
  const { remote } = parts.config
  const remedy =
    `give it one: git push -u ${shellWord(remote)} ${shellWord(branch)} ` +
    `(if there is no remote yet, first: git remote add ${shellWord(remote)} <address>)`
  return pauseOf('no-upstream', `branch ${branch} has no upstream, so commits stay here`, remedy, 'push')
}

function pauseOf(name: string, what: string, remedy: string, stops: Pause['stops'] = 'commit'): Pause {
  return { name, detail: `${what}; ${remedy}`, remedy, stops }
}
