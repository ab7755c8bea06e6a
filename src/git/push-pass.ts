import { join } from 'node:path'
import type { Random } from '../platform/platform.ts'
import { recent } from '../recent.ts'
import type { Oid } from '../types.ts'
import type { Workbench } from './workbench.ts'

/** Commits remembered as our own; one that is forgotten is judged once more than needed. */
const ownMax = 10_000
/** Our files in the state directory are called so; one that a crash leaves behind names a commit that was judged. */
const prefix = 'push-pass-'

/**
 * The word to our own part of a pre-push hook that a push is the daemon's, of commits whose files it judged. The proof
 * is a file that lives as long as the push and names its commit: a program that inherits the variable and pushes
 * something else, or later, shows nothing by it.
 */
export interface PushPass {
  made(commit: Oid): void
  /** Runs `push` with the variable that shows the pass, if every commit that the remote lacks is our own. */
  carry<T>(commit: Oid, remote: string, push: (environment: Readonly<Record<string, string>>) => Promise<T>): Promise<T>
}

export function createPushPass(bench: Workbench, random: Random): PushPass {
  const { disk, repository } = bench
  const own = recent<Oid, true>(ownMax)
  const isOwn = async (commit: Oid, remote: string): Promise<boolean> => {
    if (!own.has(commit)) return false
    const { hooksDirectory } = await bench.settings.read()
    if (disk.identify(join(hooksDirectory, 'pre-push')) === null) return false
    const args = ['rev-list', `--max-count=${ownMax}`, commit, '--not', `--remotes=${remote}`, '--']
    const answer = await bench.git.run({ args, deadlineMs: bench.deadlines.plumbingMs })
    const commits = answer.stdout.toString('latin1').split('\n').filter(Boolean)
    return answer.code === 0 && commits.every((one) => own.has(one))
  }
  return {
    made: (commit) => void own.set(commit, true),
    carry: async (commit, remote, push) => {
      if (!(await isOwn(commit, remote))) return push({})
      const path = join(repository.stateDir, `${prefix}${random.hex(8)}`)
      try {
        disk.write(path, `${commit}\n`)
        return await push({ WORKSPACE_SYNC_PUSH: path })
      } finally {
        disk.remove(path)
      }
    },
  }
}
