import { pathText } from '../types.ts'
import type { PathBytes } from '../types.ts'

/** Why directories are not watched. A code of the system, or one of ours. */
export type TroubleCode = string
export const tooManyDirectories: TroubleCode = 'TOO-MANY-DIRECTORIES'
export const rootGone: TroubleCode = 'ROOT-GONE'

export interface Trouble {
  readonly code: TroubleCode
  /** Directories with this trouble. */
  readonly count: number
  /** One of them. */
  readonly path: PathBytes
}

/** The kernel's limits as read from `/proc`; null where it does not say. */
export interface KernelLimits {
  /** `fs.inotify.max_user_watches`: the whole machine's. */
  readonly watches: number | null
  /** `user.max_inotify_watches`: this user namespace's (containers). */
  readonly watchesHere: number | null
  readonly instances: number | null
  readonly instancesHere: number | null
}

/** What to tell a person; null: nothing is wrong. The trouble that concerns the most directories is told. */
export function describeTroubles(
  troubles: readonly Trouble[],
  known: number,
  limits: KernelLimits,
): { readonly reason: string; readonly remedy: string } | null {
  const worst = troubles.toSorted((a, b) => b.count - a.count)[0]
  if (worst === undefined) return null
  const share = `${worst.count} of ${known} directories cannot be watched`
  const name = worst.path === '' ? 'the workspace' : JSON.stringify(pathText(worst.path))
  switch (worst.code) {
    case 'ENOSPC':
      return {
        reason: `${share}: the system's limit on file watches is used up`,
        remedy: raise('watches', limits.watches, limits.watchesHere, Math.max(524_288, 2 * known)),
      }
    case 'EMFILE':
    case 'ENFILE':
      return {
        reason: `${share}: the system's limit on watchers (inotify instances) or open files is used up`,
        remedy: `${raise('instances', limits.instances, limits.instancesHere, 1_024)}; or raise \`ulimit -n\``,
      }
    case 'EACCES':
    case 'EPERM':
      return {
        reason: `${share}: no permission to read ${name}`,
        remedy: `make it readable (chmod u+rx ${name}), or have git ignore it`,
      }
    case 'ENAMETOOLONG':
      return { reason: `${share}: the path of ${name} is too long`, remedy: 'shorten it, or have git ignore it' }
    case tooManyDirectories:
      return {
        reason: `more than ${known} directories, the rest is not watched`,
        remedy: 'have git ignore those that need no sync',
      }
    case rootGone:
      return { reason: 'the workspace folder is gone', remedy: 'put it back, or stop the daemon' }
    default:
      return { reason: `${share}: ${worst.code} at ${name}`, remedy: 'check the disk and the mount' }
  }
}

/**
 * What to tell about a native watcher that does not watch, or not all.
 * @param why its own words; or `rootGone`
 */
export function describeParcelTrouble(
  why: string,
  limits: KernelLimits,
  isLinux: boolean,
): { readonly reason: string; readonly remedy: string } {
  if (why === rootGone) return { reason: 'the workspace folder is gone', remedy: 'put it back, or stop the daemon' }
  if (/ENOSPC|No space left/i.test(why)) {
    const reason = "not all directories can be watched: the system's limit on file watches is used up"
    return { reason, remedy: raise('watches', limits.watches, limits.watchesHere, 524_288) }
  }
  if (/EMFILE|Too many open files/i.test(why)) {
    const reason = "nothing can be watched: the system's limit on watchers (inotify instances) or open files is used up"
    const remedy = raise('instances', limits.instances, limits.instancesHere, 1_024)
    return { reason, remedy: `${remedy}; or raise \`ulimit -n\`` }
  }
  const inotify = 'workspace-sync stop && workspace-sync start --set watcher=inotify'
  const otherwise = isLinux ? `: ${inotify}` : ', have git ignore what needs no sync'
  return {
    reason: `the process that watches failed (${why})`,
    remedy: `it is started again by itself; if it goes on${otherwise}`,
  }
}

/** Either of two settings may be the one that is too low: the namespace's hides behind a generous machine's. */
function raise(what: 'watches' | 'instances', machine: number | null, here: number | null, atLeast: number): string {
  const ofNamespace = here !== null && (machine === null || here < machine)
  const current = (ofNamespace ? here : machine) ?? 0
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(atLeast, 2 * current)))
  return `sudo sysctl ${ofNamespace ? `user.max_inotify_${what}` : `fs.inotify.max_user_${what}`}=${wanted}`
}
