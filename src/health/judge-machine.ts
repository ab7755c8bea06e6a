import { shellWord } from '../shell.ts'
import { fail, pass, warn, type Check } from './check.ts'
import type { CapacityFact, ClockFact, DiskFact, GitLock, HealthFacts, LocksFact, StateFact } from './facts.ts'
import { ageText, countText, sizeText } from './words.ts'

type Judged = Omit<Check, 'name'>

/** A commit writes a few dozen files; fewer free inodes are as good as none. */
const inodesMin = 1_000
/** A git command that is at work finishes its locks within this; what is older and has no owner was left behind. */
const lockMsMax = 10_000
/** Of a git command that lives: longer than any but an editor left open. */
const heldLockMsMax = 10 * 60_000
const skewMsWarn = 60_000
const skewMsFail = 60 * 60_000

export function judgeDisk({ typed }: HealthFacts, disk: DiskFact): Judged {
  const free = `${sizeText(disk.freeBytes)} are free`
  const remedy = `df -h ${shellWord(disk.path)}  # free space there; ${typed.git} gc may help`
  if (disk.freeBytes < disk.wantedBytes) {
    return fail(`${free}, less than health.minFreeDisk (${sizeText(disk.wantedBytes)}): nothing is committed`, remedy)
  }
  if (disk.freeInodes !== null && disk.freeInodes < inodesMin) {
    return fail(`only ${countText(disk.freeInodes, 'more file')} can be made (inodes): nothing is committed`, remedy)
  }
  return pass(free)
}

export function judgeLocks({ typed }: HealthFacts, { daemon, git }: LocksFact): Judged {
  const worst = git.toSorted((a, b) => rank(b) - rank(a))[0]
  if (worst !== undefined && rank(worst) > 0) return judgeGitLock(typed.program, worst)
  if (daemon === null) return pass('no lock is in the way')
  if (daemon.isAlive) return pass(`the daemon (pid ${daemon.pid}) holds its lock, and no other is in the way`)
  const detail = `daemon.lock was left by a daemon that is gone (pid ${daemon.pid}); the next start takes it over`
  return warn(detail, `${typed.program} start`)
}

/** 0: at work just now. */
function rank({ ageMs, isOurs, owner }: GitLock): number {
  if (owner !== null) return ageMs < heldLockMsMax ? 0 : 1
  return ageMs < lockMsMax ? 0 : isOurs ? 3 : 2
}

function judgeGitLock(program: string, { path, ageMs, isOurs, owner }: GitLock): Judged {
  const since = `${path} is there for ${ageText(ageMs)}`
  if (owner !== null) {
    return warn(`${since}, held by ${owner.command} (pid ${owner.pid})`, `kill ${owner.pid}  # or finish that command`)
  }
  if (isOurs) return fail(`${since}, left by a crash of this program`, `${program} doctor --fix`)
  return fail(`${since} and no git command that could hold it is to be seen`, `rm ${shellWord(path)}`)
}

export function judgeState({ typed }: HealthFacts, state: StateFact): Judged {
  const [first] = state.damaged
  if (first !== undefined) {
    const more = state.damaged.length > 1 ? ` (and ${state.damaged.length - 1} more)` : ''
    return fail(`${first.name}: ${first.why}${more}`, first.remedy)
  }
  if (state.isOpen) {
    return warn(`${state.directory} may be read by other users`, `chmod go= ${shellWord(state.directory)}`)
  }
  return pass(state.exists ? 'its files can be read' : `none yet; it begins with ${typed.program} start`)
}

export function judgeCapacity({ directories, watches, instances }: CapacityFact): Judged {
  const need = countText(directories, 'directory').replace(/directorys$/, 'directories')
  if (watches === null) return pass(`${need} to watch; this system sets no limit`)
  if (instances !== null && instances.usedByOthers >= instances.limit) {
    const detail = `all ${instances.limit} watchers (inotify instances) of this user are taken`
    return warn(detail, raised(instances.setting, instances.limit, 1_024))
  }
  const left = watches.limit - watches.usedByOthers
  if (directories <= left) return pass(`${need} to watch, ${left} of ${watches.limit} watches are free`)
  const detail =
    `${need} to watch, and only ${Math.max(0, left)} of ${watches.limit} watches are free: ` +
    'the rest is looked at every 30 s instead'
  return warn(detail, raised(watches.setting, watches.limit, Math.max(524_288, 2 * directories)))
}

function raised(setting: string, limit: number, atLeast: number): string {
  return `sudo sysctl ${setting}=${2 ** Math.ceil(Math.log2(Math.max(atLeast, 2 * limit)))}`
}

export function judgeClock(clock: ClockFact): Judged {
  const skews = [
    { what: 'the disk', ms: clock.fileSystemMs },
    { what: 'the remote', ms: clock.remoteMs },
    // Only the future says anything: the last commit may be of any day.
    { what: 'the last commit', ms: clock.headMs === null || clock.headMs < 0 ? null : clock.headMs },
  ].flatMap(({ what, ms }) => (ms === null ? [] : [{ what, ms }]))
  const worst = skews.toSorted((a, b) => Math.abs(b.ms) - Math.abs(a.ms))[0]
  if (worst === undefined || Math.abs(worst.ms) < skewMsWarn) return pass('it agrees with the disk and the history')
  const detail = `${worst.what} is ${ageText(Math.abs(worst.ms))} ${worst.ms > 0 ? 'ahead of' : 'behind'} this clock`
  const remedy = 'sudo timedatectl set-ntp true'
  // A commit that came from a machine with a wrong clock stays as it is, and harms nothing here.
  const isBad = Math.abs(worst.ms) >= skewMsFail && worst.what !== 'the last commit'
  return isBad ? fail(detail, remedy) : warn(detail, remedy)
}
