import { shellWord } from '../shell.ts'
import { fail, pass, warn, type Check } from './check.ts'
import type { CommitsFact, DaemonFact, HealthFacts, UnsyncedFact } from './facts.ts'
import { ageText, countText } from './words.ts'

type Judged = Omit<Check, 'name'>

const convergenceMsWarn = 15 * 60_000
const convergenceMsFail = 60 * 60_000
/** Of the commits an hour that the settings allow. */
const nearCeiling = 0.8
/** Fewer commits a day are no pattern. */
const commitsTellingMin = 20
/** Automatic commits of one day: the incident this program exists for had 107 of 127. */
const automaticShareTelling = 0.8

export function judgeDaemon({ typed }: HealthFacts, { running, status, ownVersion }: DaemonFact): Judged {
  const restart = `${typed.program} restart`
  if (running === null) return warn('none runs: nothing is committed or pushed by itself', `${typed.program} start`)
  const name = `pid ${running.pid}`
  if (running.answer === 'silent') return fail(`${name} does not answer`, restart)
  if (running.answer.version !== ownVersion) {
    return warn(`${name} is version ${running.answer.version}, this program is ${ownVersion}`, restart)
  }
  if (status === null || status.reason?.startsWith('first-look') === true) return pass(`${name} is starting`)
  if (status.state === 'paused' || status.state === 'conflict') {
    const named = /workspace-sync (resume|restart|sync|init)\b/.exec(status.reason ?? '')?.[1] ?? 'status'
    return warn(`${name} is ${status.state}: ${status.reason ?? 'no reason told'}`, `${typed.program} ${named}`)
  }
  return pass(`${name}, ${status.state}`)
}

export function judgeWatcher({ typed }: HealthFacts, { running, status }: DaemonFact): Judged {
  if (running === null) return pass('no daemon, so nothing is watched')
  if (status === null) return pass('the daemon has not told yet')
  const trouble = status.watcherTrouble
  if (trouble === null) return pass(`${status.watcher} sees every directory`)
  return warn(
    `${trouble.reason}; the tree is looked at every 30 s instead`,
    trouble.remedy || `${typed.program} status`,
  )
}

export function judgeConvergence(facts: HealthFacts, daemon: DaemonFact, unsynced: UnsyncedFact): Judged {
  const { typed, nowMs } = facts
  const { status } = daemon
  if (daemon.running === null || status === null) return judgeAlone(facts, unsynced)
  const { oldestUnsyncedAtMs: since, held } = status
  const why = status.reason === null ? '' : `: ${status.reason}`
  const ageMs = since === null ? 0 : nowMs - since
  const detail = `a change waits for the remote since ${ageText(ageMs)}${why}`
  if (ageMs >= convergenceMsFail)
    return fail(detail, `${typed.program} sync  # ${typed.program} status says what waits`)
  if (ageMs >= convergenceMsWarn) return warn(detail, `${typed.program} sync`)
  const [first] = held
  if (first !== undefined) {
    const more = held.length > 1 ? ` (and ${held.length - 1} more)` : ''
    return warn(`${first.path} is held: ${first.reason}${more}`, `${typed.program} status`)
  }
  return pass(since === null ? 'nothing waits for the remote' : `the oldest change waits ${ageText(ageMs)}`)
}

/** Nobody keeps it in step, so its age says nothing; what is not on the remote is told. */
function judgeAlone({ typed }: HealthFacts, { paths, held, commits }: UnsyncedFact): Judged {
  const found = [
    ...(paths === null || paths === 0 ? [] : [`${countText(paths, 'path')} not committed`]),
    ...(held === 0 ? [] : [`${countText(held, 'path')} held`]),
    ...(commits === 0 ? [] : [`${countText(commits, 'commit')} not pushed`]),
  ]
  if (found.length === 0) return pass('nothing waits for the remote')
  return warn(`no daemon runs: ${found.join(', ')}`, `${typed.program} start --once`)
}

export function judgeStability({ typed }: HealthFacts, { status }: DaemonFact, commits: CommitsFact): Judged {
  const { lastHour, lastDay, ceilingPerHour } = commits
  const [quarantined] = status?.quarantine ?? []
  if (quarantined !== undefined) {
    const detail = `${quarantined.pattern} is in quarantine for taking part in a loop (${quarantined.signal})`
    return warn(detail, `${typed.program} filters add ${shellWord(quarantined.proposedRule)}`)
  }
  const rate = `${countText(lastHour.automatic, 'automatic commit')} in the last hour`
  if (lastHour.automatic >= nearCeiling * ceilingPerHour) {
    return warn(`${rate}, of at most ${Math.round(ceilingPerHour)}`, `${typed.program} status`)
  }
  const slow = status?.slow ?? []
  const [slowest] = slow
  if (slowest !== undefined) {
    const detail = `${countText(slow.length, 'pattern')} slowed down for changing too often: ${slowest.pattern}`
    return warn(detail, `${typed.program} status`)
  }
  const share = lastDay.all === 0 ? 0 : lastDay.automatic / lastDay.all
  const isTelling = lastDay.automatic >= commitsTellingMin && share >= automaticShareTelling
  return pass(isTelling ? `${rate}; ${Math.round(100 * share)} % of the commits of the last day are automatic` : rate)
}
