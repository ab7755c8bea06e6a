import { readFileSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { lockOwner } from '../daemon/daemon.ts'
import { errnoOf } from '../errors.ts'
import { gitsAtWork, type GitEngine } from '../git/git.ts'
import type { GitLock, LocksFact } from './facts.ts'

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
  const workers = found.length === 0 ? [] : (gitsAtWork(repository) ?? [])
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

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null
}
