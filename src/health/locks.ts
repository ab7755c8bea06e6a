import { readFileSync, readdirSync, readlinkSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { lockOwner } from '../daemon/daemon.ts'
import { errnoOf } from '../errors.ts'
import type { GitEngine, Repository } from '../git/git.ts'
import { processes } from '../platform/platform.ts'
import type { GitLock, LocksFact } from './facts.ts'

/** They only answer, or write objects. */
const helpers: ReadonlySet<string> = new Set(['cat-file', 'hash-object', 'check-attr', 'check-ignore'])
/** Parents in a row that are asked. */
const lineMax = 64

/** What lies in the way of commits, and who holds it. */
export async function lookAtLocks(engine: GitEngine, nowMs: number): Promise<LocksFact> {
  const { repository } = engine
  const { gitDir, commonDir, indexPath, stateDir } = repository
  const { ref } = await engine.head()
  const candidates = [
    `${indexPath}.lock`,
    join(gitDir, 'HEAD.lock'),
    ...(ref === null ? [] : [join(commonDir, `${ref}.lock`)]),
    ...['packed-refs.lock', 'config.lock', 'shallow.lock'].map((name) => join(commonDir, name)),
  ]
  const found = candidates.filter((path) => statOf(path) !== null)
  const workers = found.length === 0 ? [] : gitsAtWork(repository)
  const token = statOf(join(stateDir, 'lock-token'))
  return {
    daemon: daemonLock(stateDir),
    git: found.flatMap((path): readonly GitLock[] => {
      const stat = statOf(path)
      if (stat === null) return []
      const isOurs = token !== null && token.ino === stat.ino && token.dev === stat.dev
      return [{ path, ageMs: Math.max(0, nowMs - stat.mtimeMs), isOurs, owner: isOurs ? null : (workers[0] ?? null) }]
    }),
  }
}

function daemonLock(stateDir: string): LocksFact['daemon'] {
  const owner = lockOwner(stateDir)
  if (owner !== null) return { pid: owner.pid, isAlive: true }
  try {
    const named: unknown = JSON.parse(readFileSync(join(stateDir, 'daemon.lock'), 'utf8'))
    const pid = typeof named === 'object' && named !== null && 'pid' in named ? Number(named.pid) : Number.NaN
    return { pid, isAlive: false }
  } catch (error) {
    return errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR' ? null : { pid: 0, isAlive: false }
  }
}

/**
 * Programs called git whose working directory lies in the work tree or the git directory. git closes a lock's file
 * while an editor is open, so that its descriptors say nothing; its children keep the directory it was started in.
 */
function gitsAtWork({
  root,
  gitDir,
  commonDir,
}: Repository): readonly { readonly pid: number; readonly command: string }[] {
  const places = [root, gitDir, commonDir]
  return list('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const command = textOf(() => readFileSync(`/proc/${name}/comm`, 'utf8')).trim()
    if ((command !== 'git' && !command.startsWith('git-')) || isOurChild(Number(name)) || isHelper(name)) return []
    const cwd = textOf(() => readlinkSync(`/proc/${name}/cwd`))
    return places.some((place) => cwd === place || cwd.startsWith(`${place}/`)) ? [{ pid: Number(name), command }] : []
  })
}

/** A helper that a daemon, an editor or a forge keeps for questions: it may live for days and takes no lock. */
function isHelper(pid: string): boolean {
  const args = textOf(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
  const verb = args.find((arg, at) => at > 0 && !arg.startsWith('-') && !/^-[cC]$/.test(args[at - 1] ?? ''))
  return verb !== undefined && helpers.has(verb)
}

/** What this very look has started takes no locks. */
function isOurChild(pid: number): boolean {
  let at = pid
  for (let depth = 0; depth < lineMax && at > 1; depth++) {
    if (at === process.pid) return true
    at = processes.table.stat(at)?.parent ?? 0
  }
  return false
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

/** A process ends while it is looked at; nothing then is known of it. */
function textOf(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null
}
