import { readFileSync, readdirSync } from 'node:fs'
import type { GitEngine } from '../git/git.ts'
import type { CapacityFact } from './facts.ts'

/**
 * Directories to watch against what the kernel leaves us. Watches count per user over all programs; those of other
 * users, and of programs that we may not look into, are not seen.
 */
export async function lookAtCapacity(engine: GitEngine, daemonPid: number | null): Promise<CapacityFact> {
  const directories = await engine.survey.directories()
  const used = usedBeside(daemonPid)
  return {
    directories,
    watches: limitOf('watches', used.watches),
    instances: limitOf('instances', used.instances),
  }
}

function limitOf(what: 'watches' | 'instances', usedByOthers: number): CapacityFact['watches'] {
  const machine = { setting: `fs.inotify.max_user_${what}`, limit: numberIn(`/proc/sys/fs/inotify/max_user_${what}`) }
  const here = { setting: `user.max_inotify_${what}`, limit: numberIn(`/proc/sys/user/max_inotify_${what}`) }
  const known = [machine, here].flatMap(({ setting, limit }) => (limit === null ? [] : [{ setting, limit }]))
  const lowest = known.toSorted((a, b) => a.limit - b.limit)[0]
  return lowest === undefined ? null : { ...lowest, usedByOthers }
}

function usedBeside(daemonPid: number | null): { readonly watches: number; readonly instances: number } {
  let [watches, instances] = [0, 0]
  for (const pid of list('/proc')) {
    if (!/^\d+$/.test(pid) || Number(pid) === daemonPid || !isOurUsers(pid)) continue
    for (const fd of list(`/proc/${pid}/fdinfo`)) {
      const info = textOf(`/proc/${pid}/fdinfo/${fd}`)
      if (!info.includes('inotify')) continue
      instances += 1
      watches += info.match(/^inotify /gm)?.length ?? 0
    }
  }
  return { watches, instances }
}

function isOurUsers(pid: string): boolean {
  const uid = /^Uid:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1]
  return uid !== undefined && Number(uid) === process.getuid?.()
}

function numberIn(path: string): number | null {
  const text = textOf(path).trim()
  return /^\d+$/.test(text) ? Number(text) : null
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It has ended, or is not ours to look into.
    return ''
  }
}
