import { systemDisk } from '../../src/git/disk.ts'
import type { Disk } from '../../src/git/disk.ts'
import type { CommitJournal } from '../../src/git/git.ts'
import type { Git } from '../../src/git/run.ts'

/** The end of a process, as seen from inside: nothing that comes afterwards has an effect. */
export class Crash extends Error {}

/** fail: the call reports an error. after: the process ends just after the call's effect. */
export type FaultMode = 'fail' | 'after'

export interface FailingCalls {
  readonly disk: Disk
  readonly wrapGit: (git: Git) => Git
  journal(inner: CommitJournal): CommitJournal
  /** From here on calls are counted; the Nth goes wrong. */
  arm(): void
  /** Calls since `arm`. */
  readonly calls: readonly string[]
}

const refused = { code: 128, stdout: Buffer.alloc(0), stderr: 'fatal: no space left on device', fault: null }
const refuse = () => Promise.resolve(refused)
const noSpace = (): never => {
  throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
}

export function failingCalls(failAt: number, mode: FaultMode): FailingCalls {
  const calls: string[] = []
  let armed = false
  let crashed = false

  const around = <T>(name: string, act: () => T, failure: () => T): T => {
    if (!armed) return act()
    if (crashed) throw new Crash(`${name} after the end`)
    calls.push(name)
    if (calls.length !== failAt) return act()
    if (mode === 'fail') return failure()
    crashed = true
    act()
    throw new Crash(name)
  }
  const disk = Object.fromEntries(
    Object.entries(systemDisk).map(([name, act]: [string, (...args: never[]) => unknown]) => [
      name,
      (...args: never[]) => around(`${name} ${String(args[0])}`, () => act(...args), noSpace),
    ]),
  ) as unknown as Disk

  return {
    disk,
    calls,
    arm: () => {
      armed = true
    },
    journal: (inner) => ({
      write: (entry) => around(`journal ${entry === null ? 'clear' : 'write'}`, () => inner.write(entry), noSpace),
    }),
    wrapGit: (git) => ({
      start: (...started) => git.start(...started),
      run: async (call) => {
        const name = `git ${call.args.find((arg) => /^[a-z]+(?:-[a-z]+)*$/.test(arg)) ?? ''}`
        let effect: Promise<unknown> = Promise.resolve()
        const act = () => {
          const running = git.run(call)
          effect = running
          return running
        }
        try {
          return await around(name, act, refuse)
        } finally {
          await effect
        }
      },
    }),
  }
}
