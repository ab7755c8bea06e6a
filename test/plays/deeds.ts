/** What a person did to the files: what of it was put there, and what was thrown away. */
import type { Look } from './record.ts'

export interface Deeds {
  /**
   * @param args of the command
   * @param uncommitted marks that lay nowhere but in the work tree or the index before
   */
  done(args: readonly string[], look: Look, uncommitted: ReadonlySet<string>): void
  /** By a person's doing, with nothing of it kept. */
  isThrownAway(mark: string): boolean
  /** Whether a person had the file lie there between two moves of a branch, by their numbers from 0. */
  wasPut(branch: string, path: string, removedAt: number, broughtAt: number): boolean
}

interface Put {
  /** came: it was not there before. left: the branch lost it, the work tree did not. */
  readonly how: 'came' | 'left'
  readonly paths: ReadonlySet<string>
  readonly from: ReadonlyMap<string, number>
  readonly to: ReadonlyMap<string, number>
}

export function createDeeds(): Deeds {
  const thrown = new Set<string>()
  const puts: Put[] = []
  return {
    done(args, { came, lying, marksGone, marksCome, from, to }, uncommitted) {
      for (const mark of marksCome) thrown.delete(mark)
      if (throwsAway(args)) for (const mark of marksGone) if (uncommitted.has(mark)) thrown.add(mark)
      // Who switches takes along what the other branch does not have.
      const put = args[0] === 'switch' ? lying : came
      if (put.length > 0) puts.push({ how: 'came', paths: new Set(put), from, to })
      if (leavesFiles(args)) puts.push({ how: 'left', paths: new Set(lying), from, to })
    },
    isThrownAway: (mark) => thrown.has(mark),
    wasPut: (branch, path, removedAt, broughtAt) =>
      puts.some(({ how, paths, from, to }) => {
        if (!paths.has(path)) return false
        const [before, after] = [from.get(branch) ?? 0, to.get(branch) ?? 0]
        return how === 'came' ? after > removedAt && before <= broughtAt : before <= removedAt && removedAt < after
      }),
  }
}

/** Whether a person who gives this command means to lose what was not committed. */
export function throwsAway([verb = '', ...options]: readonly string[]): boolean {
  switch (verb) {
    case 'write':
    case 'checkout':
      return true
    case 'reset':
      return options.includes('--hard')
    case 'restore':
      return !options.includes('--staged')
    case 'switch':
    case 'rm':
      return options.includes('-f')
    default:
      return options.includes('--abort')
  }
}

/** What these take out of a branch may stay in the work tree; a rebase puts aside what is not committed, and back. */
function leavesFiles([verb = '', ...options]: readonly string[]): boolean {
  return verb === 'commit' || verb === 'rebase' || (verb === 'reset' && !options.includes('--hard'))
}
