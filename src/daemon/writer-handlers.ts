import type { ControlInput } from '../control/control.ts'
import { SyncError } from '../errors.ts'
import { readEntry } from '../evidence/evidence.ts'
import { processes } from '../platform/platform.ts'
import { tagHashOf, type Declaration } from '../witness/witness.ts'
import type { Parts } from './board.ts'

/** Declared writers that live at once; one more is refused. */
const declaredMax = 200
/** So long after a write the system has told of it, also on a busy machine. */
const toldMs = 60
/** Groups of another name are never believed to hold one writer alone. */
const groupName = /\/workspace-sync-[0-9a-f]{8,}$/

/** What the daemon does for `run`. */
export function writerHandlers(parts: Parts): Pick<ControlInput['handlers'], 'declare' | 'written' | 'writers'> {
  return {
    declare({ name, policy, command, process: root, cgroup }) {
      const { observer, state, random } = parts
      if (observer === null) throw new SyncError('system', 'this daemon watches nothing', 'start one without --once')
      if (state.value.declared.length >= declaredMax) {
        throw new SyncError('system', `${declaredMax} declared writers live already`, 'end some of them first')
      }
      const tag = `${name}:${random.hex(16)}`
      const known = { name, policy, command, root }
      const declaration: Declaration = { ...known, tagHash: tagHashOf(tag), cgroup: ownGroup(cgroup) }
      if (!observer.declare(declaration)) throw notSeen(policy)
      state.update({ declared: [...state.value.declared, declaration] })
      return { tag }
    },
    async written({ pid }, heardBytes) {
      parts.observer?.heard(pid, heardBytes)
      await new Promise<void>((resolve) => parts.clock.after(toldMs, resolve))
      parts.observer?.settle('all')
      return { own: 0, unknown: 0, ...parts.observer?.tallyOf(pid) }
    },
    writers({ paths }) {
      parts.observer?.settle(paths)
      return paths.map((path) => {
        const entry = readEntry(parts.engine.repository.root, path)
        const atMs = entry?.changedAtMs ?? parts.clock.nowMs()
        return parts.witness.ask({ path, entry, fromMs: atMs, toMs: atMs })
      })
    },
  }
}

function ownGroup(cgroup: string | null): string | null {
  return cgroup !== null && groupName.test(cgroup) && processes.cgroups.isEmpty(cgroup) ? cgroup : null
}

function notSeen(policy: Declaration['policy']): SyncError {
  const why = 'the daemon cannot see what programs write here (/proc is hidden, or says nothing of it)'
  const rule = policy === 'block' ? 'BLOCK' : 'ALLOW'
  return new SyncError('system', why, `start the program by itself, and write a ${rule} rule for what it writes`)
}
