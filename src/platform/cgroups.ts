import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A control group by its path in the unified hierarchy, as `/proc/PID/cgroup` names it. */
export interface ControlGroups {
  /** Makes a group below the one this process is in. @returns null where that cannot be done. */
  make(name: string): string | null
  /** Moves this process; what it starts then is born there. @returns whether it could. */
  enter(group: string): boolean
  /** The group this process is in; null: unknown. */
  own(): string | null
  /** No process is in it, nor in a group below it. */
  isEmpty(group: string): boolean
  /** Removes an empty group; one that is in use stays. */
  remove(group: string): void
}

/** Version 2 of Linux's control groups, wherever it is mounted. Most users may only write below a session of theirs. */
export const cgroups: ControlGroups = {
  make(name) {
    const [mount, own] = [mountPoint(), cgroups.own()]
    if (mount === null || own === null) return null
    const group = own === '/' ? `/${name}` : `${own}/${name}`
    return attempt(() => mkdirSync(join(mount, group))) ? group : null
  },
  enter(group) {
    const mount = mountPoint()
    return mount !== null && attempt(() => writeFileSync(join(mount, group, 'cgroup.procs'), '0'))
  },
  own: () => /^0::(.*)$/m.exec(text('/proc/self/cgroup') ?? '')?.[1] ?? null,
  isEmpty(group) {
    const mount = mountPoint()
    const events = mount === null ? null : text(join(mount, group, 'cgroup.events'))
    return events !== null && /^populated 0$/m.test(events)
  },
  remove(group) {
    const mount = mountPoint()
    if (mount !== null) attempt(() => rmdirSync(join(mount, group)))
  },
}

function mountPoint(): string | null {
  // Fields: id, parent, device, root, mount point, options, optional fields, "-", type.
  return /^\S+ \S+ \S+ \/ (\S+) .* - cgroup2 /m.exec(text('/proc/self/mountinfo') ?? '')?.[1] ?? null
}

function text(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function attempt(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
